import { IDBFactory } from "fake-indexeddb";
import { tables, type OmemoStore, type OmemoTransaction, type Rows, type Table } from "../../omemo/index.ts";

/** A store in IndexedDB, as short as can be: what a browser's rules of transactions ask of the library. */
export class IndexedStore implements OmemoStore<IndexedTransaction> {
  readonly #database: Promise<IDBDatabase>;

  constructor() {
    const opening = new IDBFactory().open("omemo");
    opening.onupgradeneeded = () => {
      for (const table of [...tables, "messages"]) opening.result.createObjectStore(table);
    };
    this.#database = answer(opening);
  }

  async run<R>(work: (transaction: IndexedTransaction) => Promise<R>): Promise<R> {
    const transaction = (await this.#database).transaction([...tables, "messages"], "readwrite");
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => {
        resolve();
      };
      transaction.onabort = () => {
        reject(transaction.error ?? new Error("aborted"));
      };
    });
    try {
      const result = await work(new IndexedTransaction(transaction));
      await done;
      return result;
    } catch (error) {
      done.catch(() => undefined);
      if (transaction.error === null) abort(transaction);
      throw error;
    }
  }
}

/** One that has ended by itself can't be aborted any more: the fault is then the one that is thrown anyway. */
function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "InvalidStateError") throw error;
  }
}

export class IndexedTransaction implements OmemoTransaction {
  constructor(readonly inner: IDBTransaction) {}

  get<T extends Table>(table: T, key: string): Promise<Rows[T] | undefined> {
    return answer(this.inner.objectStore(table).get(key) as IDBRequest<Rows[T] | undefined>);
  }

  async put<T extends Table>(table: T, key: string, row: Rows[T]): Promise<void> {
    await answer(this.inner.objectStore(table).put(row, key));
  }

  async delete(table: Table, key: string): Promise<void> {
    await answer(this.inner.objectStore(table).delete(key));
  }

  async list<T extends Table>(
    table: T,
    prefix: string,
  ): Promise<readonly (readonly [key: string, row: Rows[T]])[]> {
    const store = this.inner.objectStore(table);
    const keys = ((await answer(store.getAllKeys())) as string[]).filter((key) => key.startsWith(prefix));
    return Promise.all(keys.map(async (key) => [key, (await this.get(table, key))!] as const));
  }
}

export const answer = <R>(request: IDBRequest<R>): Promise<R> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error("refused"));
    };
  });
