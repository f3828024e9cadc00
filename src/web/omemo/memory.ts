import { tables, type OmemoStore, type OmemoTransaction, type Rows, type Table } from "./store.ts";

type Tables = Record<Table, Map<string, unknown>>;

/** A store that lasts as long as the page. Rows are cloned on their way in and out, as a database would. */
export class MemoryStore implements OmemoStore {
  readonly #tables = Object.fromEntries(tables.map((table) => [table, new Map()])) as Tables;
  #last: Promise<unknown> = Promise.resolve();

  run<R>(work: (transaction: OmemoTransaction) => Promise<R>): Promise<R> {
    const turn = this.#last.then(async () => {
      const transaction = new MemoryTransaction(this.#tables);
      try {
        return await work(transaction);
      } catch (error) {
        transaction.undo();
        throw error;
      }
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

class MemoryTransaction implements OmemoTransaction {
  readonly #tables: Tables;
  readonly #undo: (() => void)[] = [];

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  undo(): void {
    for (const step of this.#undo.reverse()) step();
  }

  get<T extends Table>(table: T, key: string): Promise<Rows[T] | undefined> {
    return Promise.resolve(structuredClone(this.#tables[table].get(key)) as Rows[T] | undefined);
  }

  put<T extends Table>(table: T, key: string, row: Rows[T]): Promise<void> {
    this.#remember(table, key);
    this.#tables[table].set(key, structuredClone(row));
    return Promise.resolve();
  }

  delete(table: Table, key: string): Promise<void> {
    this.#remember(table, key);
    this.#tables[table].delete(key);
    return Promise.resolve();
  }

  list<T extends Table>(table: T, prefix: string): Promise<readonly (readonly [string, Rows[T]])[]> {
    const rows = [...this.#tables[table]].filter(([key]) => key.startsWith(prefix)) as [string, Rows[T]][];
    return Promise.resolve(structuredClone(rows.sort(([a], [b]) => (a < b ? -1 : 1))));
  }

  #remember(table: Table, key: string): void {
    const rows = this.#tables[table];
    const before = rows.get(key);
    this.#undo.push(() => (before === undefined ? rows.delete(key) : rows.set(key, before)));
  }
}
