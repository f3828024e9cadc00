import type { Bytes } from "./bytes.ts";

/** One run of a SASL mechanism, client side. */
export interface Mechanism {
  readonly name: string;
  first(): Promise<Bytes>;
  /** Throws a `ProtocolError` for a challenge that this mechanism does not have. */
  respond(challenge: Bytes): Promise<Bytes>;
  /** Whether the server has shown that it knows the secret too; asked once it says that we are in. */
  proved(data: Bytes | undefined): Promise<boolean>;
}
