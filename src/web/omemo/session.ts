import { concat, equal, randomId } from "./bytes.ts";
import { decryptCbc, encryptCbc, hkdf, hmac, spread } from "./cipher.ts";
import { agree, generateKeyPair, type Identity, type KeyPair } from "./curve.ts";
import { keyOf, nextKey, startReceiving, startSending, type Ratchet } from "./ratchet.ts";
import { suites, type KeyExchange, type Pair, type Sealed, type Version } from "./suite.ts";
import { Unreadable } from "./unreadable.ts";

/** What another device has published to be written to, checked; keys in the version's form. */
export interface Bundle {
  readonly identity: Uint8Array;
  readonly signedPreKey: { readonly id: number; readonly key: Uint8Array };
  readonly preKeys: readonly { readonly id: number; readonly key: Uint8Array }[];
}

/** A session with one device, a plain value that never changes. */
export interface Session extends Pair {
  readonly version: Version;
  /** The ephemeral key that it began with: tells one session from another. */
  readonly base: Uint8Array;
  /** What began it is said again with every message until one comes back. */
  readonly pending: { readonly preKey?: number; readonly signedPreKey: number } | undefined;
  /** Whether anything was sent in it; who began it waits for that. */
  readonly answered: boolean;
  /** Whether the other side's present chain has had its heartbeat. */
  readonly beaten: boolean;
  readonly ratchet: Ratchet;
}

/** F of X3DH §2.2. */
const front = new Uint8Array(32).fill(0xff);

/** X3DH of the one who writes first (§3.3), with a one-time prekey where there is one left. */
export function initiate(version: Version, own: Identity, bundle: Bundle): Session {
  const suite = suites[version];
  const preKey = bundle.preKeys.length > 0 ? bundle.preKeys[randomId(bundle.preKeys.length) - 1] : undefined;
  if (!preKey && suite.needsPreKey) throw new Unreadable("broken", "a bundle without prekeys");
  const base = generateKeyPair();
  const secret = guarded(() =>
    concat(
      front,
      agree(own.montgomery, bundle.signedPreKey.key),
      agree(base, suite.montgomery(bundle.identity)),
      agree(base, bundle.signedPreKey.key),
      preKey ? agree(base, preKey.key) : new Uint8Array(),
    ),
  );
  return {
    version,
    local: suite.identityOf(own),
    remote: bundle.identity,
    initiator: true,
    base: base.public,
    pending: { ...(preKey && { preKey: preKey.id }), signedPreKey: bundle.signedPreKey.id },
    answered: true,
    beaten: false,
    ratchet: startSending(suite, exchanged(version, secret), bundle.signedPreKey.key),
  };
}

/** X3DH of the one who is written to (§3.4). `preKey` is the pair that the exchange names, if it names one. */
export function accept(
  version: Version,
  own: Identity,
  exchange: KeyExchange,
  signedPreKey: KeyPair,
  preKey: KeyPair | undefined,
): Session {
  const suite = suites[version];
  const secret = guarded(() =>
    concat(
      front,
      agree(signedPreKey, suite.montgomery(exchange.identity)),
      agree(own.montgomery, exchange.base),
      agree(signedPreKey, exchange.base),
      preKey ? agree(preKey, exchange.base) : new Uint8Array(),
    ),
  );
  return {
    version,
    local: suite.identityOf(own),
    remote: exchange.identity,
    initiator: false,
    base: exchange.base,
    pending: undefined,
    answered: false,
    beaten: false,
    ratchet: startReceiving(exchanged(version, secret), signedPreKey),
  };
}

const exchanged = (version: Version, secret: Uint8Array): Uint8Array =>
  hkdf(secret, new Uint8Array(32), suites[version].exchangeInfo, 32);

/** The next message of a session; `exchange` says whether it carries what began it. */
export function encrypt(
  session: Session,
  plain: Uint8Array,
  device: number,
): { session: Session; bytes: Uint8Array; exchange: boolean } {
  const suite = suites[session.version];
  const { state, header, key } = nextKey(suite, session.ratchet);
  const keys = spread(key, suite.messageInfo);
  const covered = suite.cover(header, encryptCbc(keys.encrypt, keys.iv, plain));
  const mac = hmac(keys.mac, concat(suite.associated(session, true), covered)).slice(0, suite.macLength);
  const message = suite.seal(covered, mac);
  const { pending, local: identity, base } = session;
  return {
    session: { ...session, ratchet: state, answered: true },
    bytes: pending ? suite.sealExchange({ ...pending, identity, base, message }, device) : message,
    exchange: pending !== undefined,
  };
}

/** When a chain has come this far without a step, it is time to make one (XEP-0384 0.8 §6, business rules). */
const heartbeatAfter = 53;

export interface Opened {
  readonly session: Session;
  readonly plain: Uint8Array;
  /** Whether a heartbeat is due. */
  readonly heartbeat: boolean;
}

/** Reads a message of a session. Throws `Unreadable`, and then nothing has changed. */
export function decrypt(session: Session, message: Sealed): Opened {
  const suite = suites[session.version];
  const { state, key } = guarded(() => keyOf(suite, session.ratchet, message.header));
  const keys = spread(key, suite.messageInfo);
  const mac = hmac(keys.mac, concat(suite.associated(session, false), message.covered));
  if (!equal(mac.subarray(0, suite.macLength), message.mac))
    throw new Unreadable("broken", "not authentic", "renew");
  const plain = guarded(() => decryptCbc(keys.encrypt, keys.iv, message.ciphertext));

  const beaten = session.beaten && state.remote === session.ratchet.remote;
  const present = state.remote !== undefined && equal(state.remote, message.header.remote);
  const heartbeat = !beaten && present && message.header.n >= heartbeatAfter;
  return {
    session: { ...session, pending: undefined, ratchet: state, beaten: beaten || heartbeat },
    plain,
    heartbeat,
  };
}

/** What the curve or the cipher refuses is damage, not a fault of ours. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable("broken", error instanceof Error ? error.message : "damaged");
  }
}
