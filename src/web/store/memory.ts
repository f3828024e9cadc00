import type { MessageRow, OrphanRow, Place } from "./records.ts";
import { TABLES, type Store, type Table, type Write } from "./store.ts";

/** The store of a browser that is nobody's own device: gone with the page. */
export class Memory implements Store {
  private readonly tables = new Map<Table, Map<string, { id: string }>>(
    TABLES.map((table) => [table, new Map()]),
  );
  /** Messages of a chat in their order. */
  private readonly order = new Map<string, MessageRow[]>();

  get<T>(table: Table, id: string): Promise<T | undefined> {
    return Promise.resolve(this.rows(table).get(id) as T | undefined);
  }

  all<T>(table: Table): Promise<T[]> {
    return Promise.resolve([...this.rows(table).values()] as T[]);
  }

  write(changes: readonly Write[]): Promise<void> {
    return this.closed ? Promise.resolve() : this.apply(changes);
  }

  private apply(changes: readonly Write[]): Promise<void> {
    for (const change of changes) {
      const rows = this.rows(change.table);
      const id = "put" in change ? change.put.id : change.remove;
      if (change.table === "messages") this.drop(rows.get(id) as MessageRow | undefined);
      if (!("put" in change)) rows.delete(id);
      else {
        const row = structuredClone(change.put);
        rows.set(id, row);
        if (change.table === "messages") this.insert(row as MessageRow);
      }
    }
    return Promise.resolve();
  }

  stretch(
    chat: string,
    from: Place | undefined,
    way: "older" | "newer",
    limit: number,
  ): Promise<MessageRow[]> {
    const all = this.order.get(chat) ?? [];
    if (way === "newer") {
      const start = from ? after(all, from) : 0;
      return Promise.resolve(all.slice(start, start + limit));
    }
    const end = from ? after(all, { at: from.at, seq: from.seq - 1 }) : all.length;
    return Promise.resolve(all.slice(Math.max(0, end - limit), end).reverse());
  }

  find(chat: string, by: "stanzaId" | "mid", value: string): Promise<MessageRow | undefined> {
    return Promise.resolve(this.order.get(chat)?.find((message) => message[by] === value));
  }

  quoting(chat: string, ref: string): Promise<MessageRow[]> {
    return Promise.resolve((this.order.get(chat) ?? []).filter((row) => row.quote?.ref === ref));
  }

  waiting(chat: string, ref: string): Promise<OrphanRow[]> {
    const all = [...this.rows("orphans").values()] as OrphanRow[];
    return Promise.resolve(all.filter((row) => row.chat === chat && row.ref === ref));
  }

  scan(chat: string | undefined, visit: (message: MessageRow) => boolean): Promise<void> {
    const messages = chat === undefined ? [...this.order.values()].flat() : [...(this.order.get(chat) ?? [])];
    messages.sort((a, b) => compare(b, a)).every(visit);
    return Promise.resolve();
  }

  /** Another tab has another one. */
  belong(): void {}

  close(): void {
    this.closed = true;
  }

  private closed = false;

  clear(changes: readonly Write[] = []): Promise<void> {
    for (const rows of this.tables.values()) rows.clear();
    this.order.clear();
    return this.apply(changes);
  }

  private rows(table: Table): Map<string, { id: string }> {
    return this.tables.get(table)!;
  }

  private insert(row: MessageRow): void {
    const all = this.order.get(row.chat) ?? [];
    this.order.set(row.chat, all);
    all.splice(after(all, row), 0, row);
  }

  private drop(row: MessageRow | undefined): void {
    const all = row && this.order.get(row.chat);
    if (all) all.splice(all.indexOf(row), 1);
  }
}

const compare = (a: Place, b: Place): number => a.at - b.at || a.seq - b.seq;

/** Index of the first message after a place. */
function after(messages: readonly MessageRow[], place: Place): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(messages[middle]!, place) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
