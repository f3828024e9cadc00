import type { Identity, KeyPair } from "./curve.ts";
import type { Sessions } from "./sessions.ts";
import type { Version } from "./suite.ts";

/**
 * What the library keeps, table by table. Every row is a plain value (structured clone carries it), every key a string;
 * addresses are bare, so that a slash parts the pieces of a key.
 */
export interface Rows {
  /** This device; the one key is `device`. */
  own: OwnDevice;
  /** One-time prekeys, by `VERSION/ID`. */
  preKeys: OwnPreKey;
  /** By `JID/DEVICE/VERSION`. */
  sessions: Sessions;
  /** By `JID/VERSION`. */
  lists: DeviceList;
  /** Identity keys of people, by `JID/FINGERPRINT`. */
  keys: KnownKey;
}

export type Table = keyof Rows;
export const tables: readonly Table[] = ["own", "preKeys", "sessions", "lists", "keys"];

export interface OwnDevice {
  readonly id: number;
  readonly identity: Identity;
  /** Ms since 1970. */
  readonly createdAt: number;
  /** For both versions, newest last; only that one is published. */
  readonly signedPreKeys: readonly SignedPreKey[];
  /** The id of the next one-time prekey, for each version. */
  readonly nextPreKey: Readonly<Record<Version, number>>;
}

export interface SignedPreKey {
  readonly id: number;
  readonly pair: KeyPair;
  readonly signature: Readonly<Record<Version, Uint8Array>>;
  /** Ms since 1970. */
  readonly createdAt: number;
}

export interface OwnPreKey {
  readonly id: number;
  readonly pair: KeyPair;
  /** Ms since 1970 when it first began a session: published no more, and kept for a while for what took it as well. */
  readonly usedAt?: number;
}

export interface DeviceList {
  readonly devices: readonly ListedDevice[];
}

export interface ListedDevice {
  readonly id: number;
  /** What its owner calls it (omemo:2), worth something only when the signature is of its identity. */
  readonly label?: string;
  readonly labelSignature?: string;
}

/** `trusted` was believed unseen, `verified` checked by a person, `undecided` waits for one, `refused` gets nothing. */
export type Trust = "trusted" | "verified" | "undecided" | "refused";

export interface KnownKey {
  /** The Montgomery form in hexadecimal, as every app shows it. */
  readonly fingerprint: string;
  readonly trust: Trust;
  /** The device that last used it; absent for one that was verified before it was met. */
  readonly device?: number;
  /** Ms since 1970. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/**
 * One atomic look at, and change of, the tables. Between its steps the library awaits nothing but these methods, so
 * that an IndexedDB transaction lives through it.
 */
export interface OmemoTransaction {
  get<T extends Table>(table: T, key: string): Promise<Rows[T] | undefined>;
  put<T extends Table>(table: T, key: string, row: Rows[T]): Promise<void>;
  delete(table: Table, key: string): Promise<void>;
  /** All rows whose key begins so, in the order of their keys; an empty prefix gives them all. */
  list<T extends Table>(table: T, prefix: string): Promise<readonly (readonly [key: string, row: Rows[T]])[]>;
}

/**
 * Where the library keeps everything. `T` may be more than the library needs, so that others take part in its
 * transactions (`commit` of `encrypt` and `decrypt`).
 */
export interface OmemoStore<T extends OmemoTransaction = OmemoTransaction> {
  /**
   * Runs one transaction that reads and writes; what it wrote is there when the promise resolves, and nothing of it
   * when `work` throws. Transactions run one after another.
   */
  run<R>(work: (transaction: T) => Promise<R>): Promise<R>;
}
