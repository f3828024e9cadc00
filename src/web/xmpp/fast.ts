import { equal, hmac, utf8, type Bytes } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import type { Mechanism } from "./mechanism.ts";
import { NS } from "./ns.ts";
import type { Element } from "./xml.ts";

/** A token of FAST (XEP-0484): signs one device in, in place of the password. */
export interface FastToken {
  mechanism: string;
  token: string;
  /** Milliseconds since 1970, by the server's clock. */
  expires: number;
}

/** The one mechanism that a browser can do: the others want to see the TLS connection. */
export const FAST_MECHANISM = "HT-SHA-256-NONE";

/** A hashed token, not bound to the connection (draft-schmaus-kitten-sasl-ht §3). */
export class HashedToken implements Mechanism {
  readonly name = FAST_MECHANISM;

  constructor(
    private readonly user: string,
    private readonly token: string,
  ) {}

  async first(): Promise<Bytes> {
    const proof = await this.#sign("Initiator");
    return new Uint8Array([...utf8(this.user), 0, ...proof]);
  }

  respond(): Promise<Bytes> {
    return Promise.reject(new ProtocolError("FAST has no challenges"));
  }

  async proved(data: Bytes | undefined): Promise<boolean> {
    return data !== undefined && equal(data, await this.#sign("Responder"));
  }

  #sign(side: string): Promise<Bytes> {
    return hmac("SHA-256", utf8(this.token), utf8(side));
  }
}

/** The token in a `<success/>`, if there is one. */
export function readToken(success: Element): FastToken | undefined {
  const element = success.getChild("token", NS.fast);
  const token = element?.attrs["token"];
  const expires = Date.parse(element?.attrs["expiry"] ?? "");
  return token && !Number.isNaN(expires) ? { mechanism: FAST_MECHANISM, token, expires } : undefined;
}
