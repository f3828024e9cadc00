import { openDB, type IDBPDatabase } from "idb";
import type { MessageRow, OrphanRow, Place } from "./records.ts";
import { full, TABLES, type Store, type Table, type Write } from "./store.ts";

const VERSION = 2;
const FIRST: Place = { at: -Infinity, seq: -Infinity };
const LAST: Place = { at: Infinity, seq: Infinity };

/** Whose the store is, where every tab sees it at once: nothing that is about to be written has time to ask the database. */
const MARK = "kith-account";
function mark(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    // This browser lets nothing be kept.
    return undefined;
  }
}

/** Whose the store was last, without asking the database. */
export const accountMark = (): string | undefined => mark()?.getItem(MARK) ?? undefined;

/** The store in IndexedDB. A newer version of the client that opens it has this page begin anew. */
export async function openIndexed(name: string): Promise<Store> {
  const db = await openDB(name, VERSION, {
    upgrade(database, old, _new, transaction) {
      if (old < 1) {
        for (const table of TABLES) database.createObjectStore(table, { keyPath: "id" });
        const messages = transaction.objectStore("messages");
        messages.createIndex("order", ["chat", "at", "seq"]);
        messages.createIndex("at", "at");
        messages.createIndex("stanzaId", ["chat", "stanzaId"]);
        messages.createIndex("mid", ["chat", "mid"]);
      }
      transaction.objectStore("messages").createIndex("quote", ["chat", "quote.ref"]);
      transaction.objectStore("orphans").createIndex("ref", ["chat", "ref"]);
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      location.reload();
    },
    // Somebody had the browser forget all that sites keep, or it has lost its hold on it: nothing can be read any more.
    terminated() {
      location.reload();
    },
  });
  return new Indexed(db);
}

class Indexed implements Store {
  constructor(private readonly db: IDBPDatabase) {}

  get<T>(table: Table, id: string): Promise<T | undefined> {
    return this.db.get(table, id);
  }

  all<T>(table: Table): Promise<T[]> {
    return this.db.getAll(table);
  }

  async write(changes: readonly Write[]): Promise<void> {
    if (this.owner !== undefined && (accountMark() ?? this.owner) !== this.owner) this.close();
    if (changes.length === 0 || this.closed) return;
    try {
      await this.attempt(changes);
    } catch (error) {
      if (!full(error) || changes.some(({ table }) => table === "files")) throw error;
      await this.db.clear("files");
      await this.attempt(changes);
    }
  }

  private async attempt(changes: readonly Write[]): Promise<void> {
    const tables = new Set(changes.map((change) => change.table));
    const transaction = this.db.transaction([...tables], "readwrite", { durability: "strict" });
    for (const change of changes) apply(transaction.objectStore(change.table), change);
    // Said outright, so that it stands although the page may go in the next moment.
    transaction.commit();
    await transaction.done;
  }

  async stretch(
    chat: string,
    from: Place | undefined,
    way: "older" | "newer",
    limit: number,
  ): Promise<MessageRow[]> {
    const older = way === "older";
    const here = key(chat, from ?? (older ? LAST : FIRST));
    const range = older
      ? IDBKeyRange.bound(key(chat, FIRST), here, false, from !== undefined)
      : IDBKeyRange.bound(here, key(chat, LAST), from !== undefined, false);
    const rows: MessageRow[] = [];
    let cursor = await this.db
      .transaction("messages")
      .store.index("order")
      .openCursor(range, older ? "prev" : "next");
    while (cursor && rows.length < limit) {
      rows.push(cursor.value);
      cursor = await cursor.continue();
    }
    return rows;
  }

  find(chat: string, by: "stanzaId" | "mid", value: string): Promise<MessageRow | undefined> {
    return this.db.getFromIndex("messages", by, [chat, value]);
  }

  quoting(chat: string, ref: string): Promise<MessageRow[]> {
    return this.db.getAllFromIndex("messages", "quote", [chat, ref]);
  }

  waiting(chat: string, ref: string): Promise<OrphanRow[]> {
    return this.db.getAllFromIndex("orphans", "ref", [chat, ref]);
  }

  async scan(chat: string | undefined, visit: (message: MessageRow) => boolean): Promise<void> {
    const index = this.db.transaction("messages").store.index(chat === undefined ? "at" : "order");
    const range = chat === undefined ? null : IDBKeyRange.bound(key(chat, FIRST), key(chat, LAST));
    let cursor = await index.openCursor(range, "prev");
    while (cursor && visit(cursor.value)) cursor = await cursor.continue();
  }

  private owner: string | undefined;

  belong(account: string): void {
    this.owner = account;
    mark()?.setItem(MARK, account);
  }

  private closed = false;

  close(): void {
    this.closed = true;
  }

  async clear(changes: readonly Write[] = []): Promise<void> {
    const transaction = this.db.transaction([...TABLES], "readwrite", { durability: "strict" });
    for (const table of TABLES) void transaction.objectStore(table).clear();
    for (const change of changes) apply(transaction.objectStore(change.table), change);
    transaction.commit();
    await transaction.done;
  }
}

interface Rows {
  put(row: { id: string }): Promise<unknown>;
  delete(id: string): Promise<void>;
}

function apply(table: Rows, change: Write): void {
  const asked = "put" in change ? table.put(change.put) : table.delete(change.remove);
  // The transaction as a whole tells of it.
  void asked.catch(() => undefined);
}

const key = (chat: string, place: Place): [string, number, number] => [chat, place.at, place.seq];
