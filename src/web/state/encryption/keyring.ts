import type { OmemoStore, OmemoTransaction, Rows, Table } from "../../omemo/index.ts";
import { turns } from "../core/turns.ts";
import { put, remove, type Store, type Write } from "../../store/store.ts";

interface Row {
  id: string;
  row: Rows[Table];
}

/** A transaction in which others take part: what they add is written with it, or not at all. */
export interface Ring extends OmemoTransaction {
  also(writes: readonly Write[]): void;
}

const idOf = (table: Table, key: string): string => `${table}/${key}`;

/** Keys and sessions: all of them in memory, because only this tab writes them; each change is on disk before it is used. */
export class Keyring implements OmemoStore<Ring> {
  private readonly rows = new Map<string, Rows[Table]>();
  private readonly inTurn = turns();

  constructor(private readonly store: Store) {}

  async load(): Promise<void> {
    for (const { id, row } of await this.store.all<Row>("omemo")) this.rows.set(id, row);
  }

  /** Whether a person has published devices; undefined: nobody has asked yet. */
  hasDevices(jid: string): boolean | undefined {
    const lists = (["axolotl", "omemo2"] as const).flatMap((version) => {
      const list = this.rows.get(idOf("lists", `${jid}/${version}`)) as Rows["lists"] | undefined;
      return list ? [list] : [];
    });
    return lists.length === 0 ? undefined : lists.some((list) => list.devices.length > 0);
  }

  /** What is thought of a person's keys. */
  trusts(jid: string): Rows["keys"]["trust"][] {
    return [...this.rows].flatMap(([id, row]) =>
      id.startsWith(idOf("keys", `${jid}/`)) ? [(row as Rows["keys"]).trust] : [],
    );
  }

  run<R>(work: (transaction: Ring) => Promise<R>): Promise<R> {
    return this.inTurn(() => this.one(work));
  }

  private async one<R>(work: (transaction: Ring) => Promise<R>): Promise<R> {
    const staged = new Map<string, Rows[Table] | undefined>();
    const others: Write[] = [];
    const result = await work(this.transaction(staged, others));
    const own = [...staged].map(([id, row]) =>
      row === undefined ? remove("omemo", id) : put("omemo", { id, row }),
    );
    await this.store.write([...own, ...others]);
    for (const [id, row] of staged) {
      if (row === undefined) this.rows.delete(id);
      else this.rows.set(id, row);
    }
    return result;
  }

  private transaction(staged: Map<string, Rows[Table] | undefined>, others: Write[]): Ring {
    const read = (id: string) => (staged.has(id) ? staged.get(id) : this.rows.get(id));
    return {
      get: <T extends Table>(table: T, key: string) =>
        Promise.resolve(read(idOf(table, key)) as Rows[T] | undefined),
      put: (table, key, row) => Promise.resolve(void staged.set(idOf(table, key), row)),
      delete: (table, key) => Promise.resolve(void staged.set(idOf(table, key), undefined)),
      list: <T extends Table>(table: T, prefix: string) => {
        const start = idOf(table, prefix);
        const ids = new Set([...this.rows.keys(), ...staged.keys()].filter((id) => id.startsWith(start)));
        const found = [...ids].sort().flatMap((id): (readonly [string, Rows[T]])[] => {
          const row = read(id) as Rows[T] | undefined;
          return row === undefined ? [] : [[id.slice(table.length + 1), row]];
        });
        return Promise.resolve(found);
      },
      also: (writes) => void others.push(...writes),
    };
  }
}
