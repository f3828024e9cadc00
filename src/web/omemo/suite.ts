import { axolotl } from "./axolotl.ts";
import type { Identity } from "./curve.ts";
import { omemo2 } from "./omemo2.ts";
import type { Header } from "./ratchet.ts";

/** The two versions: `eu.siacs.conversations.axolotl` (XEP-0384 0.3.0) and `urn:xmpp:omemo:2` (0.8 and later). */
export type Version = "axolotl" | "omemo2";

/** One message of a session: what the ratchet needs, and what its code is over. */
export interface Sealed {
  readonly header: Header;
  readonly ciphertext: Uint8Array;
  /** The bytes that were authenticated, without the identities. */
  readonly covered: Uint8Array;
  readonly mac: Uint8Array;
}

/** What begins a session (X3DH §3.3), and the first message in it. */
export interface KeyExchange {
  /** Absent: none was left in the bundle (axolotl only). */
  readonly preKey?: number;
  readonly signedPreKey: number;
  /** In this version's form, without any prefix: Montgomery for axolotl, Edwards for omemo:2. */
  readonly identity: Uint8Array;
  readonly base: Uint8Array;
  /** A message in this version's form. */
  readonly message: Uint8Array;
}

/** Who two devices are to each other in a session, identities in this version's form. */
export interface Pair {
  readonly local: Uint8Array;
  readonly remote: Uint8Array;
  /** Whether we began it. */
  readonly initiator: boolean;
}

/** What differs between the versions: constants, and the forms on the wire. The rest is the same. */
export interface Suite {
  readonly version: Version;
  readonly rootInfo: string;
  readonly messageInfo: string;
  readonly exchangeInfo: string;
  /** Whether an exchange must use a one-time prekey. */
  readonly needsPreKey: boolean;
  identityOf(own: Identity): Uint8Array;
  /** For Diffie-Hellman, and as the fingerprint. Throws where the bytes are no key. */
  montgomery(identity: Uint8Array): Uint8Array;
  signPreKey(own: Identity, preKey: Uint8Array): Uint8Array;
  verifyPreKey(identity: Uint8Array, preKey: Uint8Array, signature: Uint8Array): boolean;
  /** The bytes that say who the two are, before what the code covers. */
  associated(pair: Pair, sending: boolean): Uint8Array;
  /** The message without its code. */
  cover(header: Header, ciphertext: Uint8Array): Uint8Array;
  readonly macLength: number;
  seal(covered: Uint8Array, mac: Uint8Array): Uint8Array;
  /** Throws `Unreadable`. */
  parse(bytes: Uint8Array): Sealed;
  /** `device` is the own id, which axolotl repeats inside. */
  sealExchange(exchange: KeyExchange, device: number): Uint8Array;
  /** Throws `Unreadable`. */
  parseExchange(bytes: Uint8Array): KeyExchange;
}

export const suites: Readonly<Record<Version, Suite>> = { axolotl, omemo2 };
export const versions: readonly Version[] = ["axolotl", "omemo2"];
