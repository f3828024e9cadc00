import type { Errands } from "./errands.ts";
import type { OmemoStore, OmemoTransaction, Trust } from "./store.ts";
import type { Version } from "./suite.ts";
import type { Element } from "./xml.ts";

/**
 * What the library asks of the network; `bundleAt`, `listNode` and the options beside them say where things are
 * published. Every method rejects when it could not be asked. An `Error` with a `condition` (RFC 6120 §8.3.3) is a
 * refusal, and is not asked for again for a minute; any other means that there is no connection.
 */
export interface Wire {
  /** The newest item's `<list/>` or `<devices/>`; undefined when there is none (`item-not-found`, no node). */
  fetchDevices(jid: string, version: Version): Promise<Element | undefined>;
  /** The `<bundle/>`; undefined when there is none. */
  fetchBundle(jid: string, device: number, version: Version): Promise<Element | undefined>;
  publishDevices(version: Version, list: Element): Promise<void>;
  publishBundle(version: Version, device: number, bundle: Element): Promise<void>;
  /** Also when there was none. */
  deleteBundle(version: Version, device: number): Promise<void>;
  /** Sends a `<message/>` as it is. */
  send(message: Element): Promise<void>;
}

/** Said once, when it is so. */
export interface OmemoEvent {
  /** Somebody uses a key that was not known; `first`: it is the first of that person. */
  readonly kind: "new-key";
  readonly jid: string;
  readonly device: number;
  readonly fingerprint: string;
  readonly trust: Trust;
  readonly first: boolean;
}

/** Who this device is, and what it tells. */
export interface Self {
  /** Bare address of the account. */
  readonly jid: string;
  /** What other devices call this one. Device lists are public, and python3-twomemo 1.0 refuses those with signed labels. */
  readonly label?: string;
  /** Ms since 1970; `Date.now` unless a test says otherwise. */
  readonly now?: () => number;
  /**
   * Awaited before long work (the first keys take half a second of a slow phone) and between its pieces, so that a page
   * draws meanwhile. At once, if absent.
   */
  readonly leisure?: () => Promise<void>;
  readonly onEvent?: (event: OmemoEvent) => void;
  /** What went wrong where nobody waited for it: mostly a connection that is gone. It is tried again. */
  readonly onError?: (error: unknown) => void;
  /** Whether this person may learn that we read (answers to key exchanges, heartbeats, repairs, questions for the devices). Everybody, if absent. */
  readonly mayAnswer?: (jid: string) => boolean;
}

/** What the parts of the library share. */
export interface Context<T extends OmemoTransaction> {
  readonly store: OmemoStore<T>;
  readonly wire: Wire;
  readonly self: Self;
  readonly errands: Errands;
  now(): number;
}

/** A device of somebody, in the version that we speak with it. */
export interface Target {
  readonly jid: string;
  readonly device: number;
  readonly version: Version;
}

export const keyOfTarget = ({ jid, device, version }: Target): string =>
  `${jid}/${String(device)}/${version}`;
