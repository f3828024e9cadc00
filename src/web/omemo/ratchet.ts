import { equal } from "./bytes.ts";
import { hkdf, hmac } from "./cipher.ts";
import { agree, generateKeyPair, type KeyPair } from "./curve.ts";
import { Unreadable } from "./unreadable.ts";

/** How far one message may be ahead of its chain (XEP-0384 0.8, MAX_SKIP). */
const maxSkip = 1000;
/** How many keys of messages that did not come are kept a session; the oldest go first. */
const maxSkipped = 2000;
/** How many chains of the other side are remembered after their end. */
const maxChains = 100;

export interface Chain {
  readonly key: Uint8Array;
  /** Messages so far. */
  readonly n: number;
}

/** Keys of messages of one chain that did not come yet, in the order of their numbers; none of them: all have been read. */
interface SkippedChain {
  readonly remote: Uint8Array;
  readonly keys: readonly { readonly n: number; readonly key: Uint8Array }[];
}

/** The state of a double ratchet (Signal, "The Double Ratchet Algorithm", §3.2), a plain value that never changes. */
export interface Ratchet {
  readonly root: Uint8Array;
  readonly own: KeyPair;
  readonly remote?: Uint8Array;
  /** Absent until something is sent after the other side's last step: the step of our side is made by what needs it. */
  readonly sending?: Chain;
  readonly receiving?: Chain;
  /** How long the last sending chain was. */
  readonly previous: number;
  /** The chains of the other side so far, oldest first. */
  readonly skipped: readonly SkippedChain[];
}

export interface Header {
  readonly remote: Uint8Array;
  readonly n: number;
  readonly previous: number;
}

interface Kdf {
  /** HKDF's info of the root chain. */
  readonly rootInfo: string;
}

/** Of the one who writes first (§3.3, RatchetInitAlice). */
export function startSending(kdf: Kdf, secret: Uint8Array, remote: Uint8Array): Ratchet {
  const own = generateKeyPair();
  const { root, chain } = stepRoot(kdf, secret, own, remote);
  return { root, own, remote, sending: chain, previous: 0, skipped: [] };
}

/** Of the one who is written to (§3.3, RatchetInitBob); `own` is the signed prekey. */
export const startReceiving = (secret: Uint8Array, own: KeyPair): Ratchet => ({
  root: secret,
  own,
  previous: 0,
  skipped: [],
});

/** The key of the next message, and its header (§3.4). */
export function nextKey(kdf: Kdf, state: Ratchet): { state: Ratchet; header: Header; key: Uint8Array } {
  let { root, own, sending } = state;
  if (!sending) {
    own = generateKeyPair();
    ({ root, chain: sending } = stepRoot(kdf, root, own, state.remote!));
  }
  const { key, chain } = advance(sending);
  const header = { remote: own.public, n: sending.n, previous: state.previous };
  return { state: { ...state, root, own, sending: chain }, header, key };
}

/** The key of a message that came (§3.5), and the state once it has been found authentic. */
export function keyOf(kdf: Kdf, state: Ratchet, header: Header): { state: Ratchet; key: Uint8Array } {
  const kept = state.skipped.find((chain) => equal(chain.remote, header.remote));
  const found = kept?.keys.find(({ n }) => n === header.n);
  if (found) return { key: found.key, state: { ...state, skipped: without(state.skipped, kept!, header.n) } };

  let stepped = state;
  if (!state.remote || !state.receiving || !equal(state.remote, header.remote)) {
    if (kept) throw new Unreadable("duplicate", "a chain that has ended");
    stepped = stepRemote(kdf, state, header);
  }
  const ahead = header.n - stepped.receiving!.n;
  if (ahead < 0) throw new Unreadable("duplicate", "its key has been used");
  if (ahead > maxSkip) throw new Unreadable("broken", `${String(ahead)} messages ahead`, "renew");
  stepped = skipTo(stepped, header.n);
  const { key, chain } = advance(stepped.receiving!);
  return { key, state: { ...stepped, receiving: chain } };
}

/** The other side has made a step: what is still due of its last chain is kept, and a new chain begins. */
function stepRemote(kdf: Kdf, state: Ratchet, header: Header): Ratchet {
  // One that says to be further than we would go costs those messages, and not the session.
  const due = header.previous - (state.receiving?.n ?? 0);
  const kept = state.receiving && due <= maxSkip ? skipTo(state, header.previous) : state;
  const { sending, ...rest } = kept;
  const { root, chain } = stepRoot(kdf, state.root, state.own, header.remote);
  return {
    ...rest,
    root,
    remote: header.remote,
    receiving: chain,
    previous: sending?.n ?? state.previous,
    skipped: [...kept.skipped, { remote: header.remote, keys: [] }].slice(-maxChains),
  };
}

/** KDF_RK (§5.2). */
function stepRoot(
  kdf: Kdf,
  root: Uint8Array,
  own: KeyPair,
  remote: Uint8Array,
): { root: Uint8Array; chain: Chain } {
  const bytes = hkdf(agree(own, remote), root, kdf.rootInfo, 64);
  return { root: bytes.slice(0, 32), chain: { key: bytes.slice(32), n: 0 } };
}

/** Keeps the keys of the present chain up to that number; its entry is the last. */
function skipTo(state: Ratchet, n: number): Ratchet {
  let chain = state.receiving!;
  if (chain.n >= n) return state;
  const { remote, keys } = state.skipped.at(-1)!;
  const more = [...keys];
  while (chain.n < n) {
    const step = advance(chain);
    more.push({ n: chain.n, key: step.key });
    chain = step.chain;
  }
  return {
    ...state,
    receiving: chain,
    skipped: trimmed([...state.skipped.slice(0, -1), { remote, keys: more }]),
  };
}

function trimmed(skipped: readonly SkippedChain[]): readonly SkippedChain[] {
  let over = skipped.reduce((sum, { keys }) => sum + keys.length, -maxSkipped);
  if (over <= 0) return skipped;
  return skipped.map((chain) => {
    const keys = chain.keys.slice(Math.max(0, over));
    over -= chain.keys.length - keys.length;
    return { ...chain, keys };
  });
}

function without(skipped: readonly SkippedChain[], chain: SkippedChain, n: number): readonly SkippedChain[] {
  const keys = chain.keys.filter((key) => key.n !== n);
  return skipped.map((each) => (each === chain ? { ...chain, keys } : each));
}

/** KDF_CK (§5.2): the key of a message, and the chain after it. */
function advance({ key, n }: Chain): { key: Uint8Array; chain: Chain } {
  return { key: hmac(key, one), chain: { key: hmac(key, two), n: n + 1 } };
}

const one = Uint8Array.of(1);
const two = Uint8Array.of(2);
