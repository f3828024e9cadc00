import type { Address } from "../state/model.ts";
import type { MessageRow, OrphanRow, Place } from "./records.ts";

export const TABLES = ["kv", "chats", "people", "messages", "outbox", "orphans", "files", "omemo"] as const;
export type Table = (typeof TABLES)[number];

/** One change of a batch; `put` takes the whole row, whose key is its `id`. */
export type Write = { table: Table; put: { id: string } } | { table: Table; remove: string };

/** What this browser keeps. One tab writes (see `state/tabs/tabs.ts`), every tab reads. */
export interface Store {
  get<T>(table: Table, id: string): Promise<T | undefined>;
  all<T>(table: Table): Promise<T[]>;
  /** All of it or nothing, on disk when it resolves. Where there is no room, the files that are kept make some: they can be fetched again. */
  write(changes: readonly Write[]): Promise<void>;
  /** Messages next to a place, nearest first; without a place from the chat's end (or start). */
  stretch(
    chat: Address,
    from: Place | undefined,
    way: "older" | "newer",
    limit: number,
  ): Promise<MessageRow[]>;
  /** By the archive's id, or by the `id` that the sender gave. */
  find(chat: Address, by: "stanzaId" | "mid", value: string): Promise<MessageRow | undefined>;
  /** Those that answer a message, by the name that they give it. */
  quoting(chat: Address, ref: string): Promise<MessageRow[]>;
  /** What was said of a message of this name before it came. */
  waiting(chat: Address, ref: string): Promise<OrphanRow[]>;
  /** Every message, newest chat first is not promised; `visit` returning false ends it. */
  scan(chat: Address | undefined, visit: (message: MessageRow) => boolean): Promise<void>;
  /** From here on it is this account's: once another one is signed in here, nothing more is written. */
  belong(account: Address): void;
  /** Forgets everything but what is written with it: all of that or nothing. */
  clear(changes?: readonly Write[]): Promise<void>;
  /** What is still to be written after this is lost: for who signs out. */
  close(): void;
}

export const put = <T extends { id: string }>(table: Table, row: T): Write => ({ table, put: row });
export const remove = (table: Table, id: string): Write => ({ table, remove: id });

/** Whether this browser gives no more room. */
export const full = (error: unknown): boolean =>
  error instanceof DOMException && error.name === "QuotaExceededError";

/** Whether the store has failed (no room, closed by the browser), and not what was to be written (`DataError`, `DataCloneError`). */
export const failed = (error: unknown): boolean =>
  error instanceof DOMException && !error.name.startsWith("Data");
