import type { Dialler } from "./dial.ts";
import type { FastToken } from "./fast.ts";
import type { Device } from "./sasl2.ts";
import type { Element } from "./xml.ts";

export type { Device, FastToken };

export interface Options {
  /** Bare. */
  address: string;
  /** Forgotten as soon as there is a token. */
  password?: string;
  token?: FastToken;
  device: Device;
  /** Absent: as the page's origin says (XEP-0156), else where a Kith has them on the address's domain. */
  websocket?: string;
  bosh?: string;
  /** One of the same domain, which may have opened a stream ahead. */
  dialler?: Dialler | undefined;
  /** A new token, or none in place of one that was refused. */
  saveToken(token: FastToken | undefined): void;
  /** Stands in the resource, for others to see (XEP-0386 §3.1). */
  tag?: string;
}

/** `refused`: the credentials are wrong. `stopped`: as asked, or another client has taken this one's place. */
export type Status = "connecting" | "online" | "waiting" | "refused" | "stopped";

export interface ReadyState {
  /** False: a new session, which knows nothing of the one before. */
  resumed: boolean;
  /** Full. */
  address: string;
  /** What Bind 2 tells of a new session, the archive's bounds among it (XEP-0386 §3.3). */
  bound?: Element;
}
