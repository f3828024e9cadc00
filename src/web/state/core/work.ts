import type { Change, ChatRow, MessageRow, OrphanRow } from "../../store/records.ts";
import { put, remove, type Store, type Write } from "../../store/store.ts";

/**
 * One batch of what came in: reads through what it has changed, and is written as a whole. A page of an archive is one,
 * so that a hundred messages cost one write, and what an encrypted message did to its session is in the same.
 */
export class Work {
  readonly messages = new Map<string, MessageRow>();
  readonly chats = new Map<string, ChatRow>();
  /** How much in it waits for messages that are not here. */
  orphaned = 0;
  private readonly orphans = new Map<string, OrphanRow | undefined>();
  private readonly others: Write[] = [];
  private readonly unwritten = { messages: new Set<string>(), chats: new Set<string>() };

  constructor(private readonly store: Store) {}

  /** A copy to be changed and given to `put`. */
  async message(id: string): Promise<MessageRow | undefined> {
    return this.messages.get(id) ?? (await this.store.get<MessageRow>("messages", id));
  }

  async find(chat: string, by: "stanzaId" | "mid", value: string): Promise<MessageRow | undefined> {
    for (const row of this.messages.values()) if (row.chat === chat && row[by] === value) return row;
    const found = await this.store.find(chat, by, value);
    return found && (this.messages.get(found.id) ?? found);
  }

  async quoting(chat: string, ref: string): Promise<MessageRow[]> {
    const kept = await this.store.quoting(chat, ref);
    const fresh = [...this.messages.values()].filter((row) => row.chat === chat && row.quote?.ref === ref);
    return [...kept.filter((row) => !this.messages.has(row.id)), ...fresh];
  }

  put(row: MessageRow): void {
    this.messages.set(row.id, row);
    this.unwritten.messages.add(row.id);
  }

  touch(chat: ChatRow): void {
    this.chats.set(chat.id, chat);
    this.unwritten.chats.add(chat.id);
  }

  also(write: Write): void {
    this.others.push(write);
  }

  /** Keeps what is said of a message until that arrives. */
  async orphan(chat: string, ref: string, change: Change): Promise<void> {
    const id = [chat, ref, change.kind, change.from].join("\n");
    const known = this.orphans.has(id)
      ? this.orphans.get(id)
      : await this.store.get<OrphanRow>("orphans", id);
    // Paging backwards, what was said last comes first.
    if (known && known.change.at > change.at) return;
    this.orphans.set(id, { id, chat, ref, change, since: Date.now() });
    this.orphaned++;
  }

  /** What has been said of a message before it came, oldest first; forgotten with it. */
  async adopt(chat: string, refs: readonly string[]): Promise<Change[]> {
    const kept = (await Promise.all(refs.map((ref) => this.store.waiting(chat, ref)))).flat();
    const waiting = new Map(kept.map((row) => [row.id, row]));
    for (const [id, row] of this.orphans) {
      if (!row) waiting.delete(id);
      else if (row.chat === chat && refs.includes(row.ref)) waiting.set(id, row);
    }
    for (const id of waiting.keys()) this.orphans.set(id, undefined);
    return [...waiting.values()].map((row) => row.change).sort((a, b) => a.at - b.at);
  }

  async commit(): Promise<void> {
    await this.store.write(this.take());
  }

  /** Everything that is still to be written: for who writes it together with something else. */
  take(): Write[] {
    const writes = [
      ...[...this.unwritten.messages].map((id) => put("messages", this.messages.get(id)!)),
      ...[...this.unwritten.chats].map((id) => put("chats", this.chats.get(id)!)),
      ...[...this.orphans].map(([id, row]) => (row ? put("orphans", row) : remove("orphans", id))),
      ...this.others.splice(0),
    ];
    this.unwritten.messages.clear();
    this.unwritten.chats.clear();
    this.orphans.clear();
    return writes;
  }
}
