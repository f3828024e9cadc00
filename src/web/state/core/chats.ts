import { cut } from "../../i18n/letters.ts";
import type { ChatRow, MessageRow } from "../../store/records.ts";
import { put } from "../../store/store.ts";
import type { Core } from "./core.ts";
import type { Address, Chat, GroupState, Lock, Lockable, Preview } from "../model.ts";
import type { Work } from "./work.ts";

/** What the list of chats asks of others. */
export interface Neighbours {
  nameOf(address: Address): string;
  pictureOf(address: Address): string | undefined;
  /** In the contact list, or of the same circle: no stranger. */
  known(address: Address): boolean;
  group(chat: ChatRow): GroupState;
  lock(chat: ChatRow): { lock: Lock; lockable: Lockable };
}

/** The recent conversations: all of them in memory, each written when it changes. */
export class Chats {
  private readonly rows = new Map<Address, ChatRow>();
  neighbours!: Neighbours;
  /**
   * Archives that are read for the first time (the own one's name is empty), since when: what was said before is settled
   * afterwards, and counts nothing until then.
   */
  readonly first = new Map<Address, number>();

  constructor(private readonly core: Core) {}

  async load(): Promise<void> {
    for (const row of await this.core.store.all<ChatRow>("chats")) this.rows.set(row.id, row);
  }

  get(id: Address): ChatRow | undefined {
    return this.rows.get(id);
  }

  all(): IterableIterator<ChatRow> {
    return this.rows.values();
  }

  isGroup(id: Address): boolean {
    return this.rows.get(id)?.kind === "group";
  }

  /** Whether a group is one of this person's: neither left, nor one that they are only asked into. */
  follows(id: Address): boolean {
    const row = this.rows.get(id);
    return row?.kind === "group" && !row.request && (!row.hidden || row.stowed === true);
  }

  /** The chat, made when it is not there. */
  ensure(id: Address, kind: ChatRow["kind"] = "person"): ChatRow {
    const known = this.rows.get(id);
    if (known) {
      if (kind === "group") known.kind = kind;
      return known;
    }
    const row = fresh(id, kind);
    this.rows.set(id, row);
    return row;
  }

  /** Writes and shows a change. */
  async save(row: ChatRow, change: Partial<ChatRow> = {}): Promise<void> {
    Object.assign(row, change);
    this.show(row.id);
    try {
      await this.core.store.write([put("chats", row)]);
    } catch (error) {
      await this.reread([row.id]);
      throw error;
    }
  }

  /** What was changed of these could not be kept: they are again as they are on disk, so that nothing is counted that is not there. */
  async reread(ids: Iterable<Address>): Promise<void> {
    for (const id of ids) {
      const kept = await this.core.store.get<ChatRow>("chats", id);
      const row = this.rows.get(id);
      if (!row) continue;
      const { kind, name, group } = row;
      for (const key of Object.keys(row)) delete row[key as keyof ChatRow];
      Object.assign(row, kept ?? { ...fresh(id, kind), ...(name && { name }), ...(group && { group }) });
      this.show(id);
    }
  }

  /** Out of the list; what is here of it stays, for when it comes back. */
  async close(id: Address): Promise<void> {
    const row = this.rows.get(id);
    if (row) await this.save(row, { hidden: true, stowed: false, request: false });
  }

  show(...ids: Address[]): void {
    const rows = ids.flatMap((id) => this.rows.get(id) ?? []);
    const gone = rows.filter((row) => row.hidden).map((row) => row.id);
    const chats = rows.filter((row) => !row.hidden).map((row) => this.view(row));
    if (chats.length > 0 || gone.length > 0) this.core.emit({ chats, gone });
  }

  view(row: ChatRow): Chat {
    const picture = this.neighbours.pictureOf(row.id);
    return {
      id: row.id,
      kind: row.kind,
      name: row.name || this.neighbours.nameOf(row.id),
      at: row.at,
      unread: row.unread,
      mentions: row.mentions,
      pinned: row.pinned,
      mute: row.mute,
      request: row.request,
      ...this.neighbours.lock(row),
      ...(picture && { picture }),
      ...(row.preview && { last: row.preview }),
      ...(row.firstUnread && { firstUnread: row.firstUnread }),
      ...(row.draft && { draft: row.draft }),
      ...(row.kind === "group" && { group: this.neighbours.group(row) }),
    };
  }

  views(): Chat[] {
    return [...this.rows.values()].filter((row) => !row.hidden).map((row) => this.view(row));
  }

  /** A message has come into a chat, or one that the list shows has changed. */
  arrived(work: Work, message: MessageRow, isNew: boolean): void {
    const row = this.ensure(message.chat);
    if (isNew && message.kind !== "notice") this.count(row, message);
    // What is changed does not come to stand behind others of the same moment.
    const newest = isNew || !row.preview ? message.at >= row.at : message.at > row.at;
    if ((newest || row.preview?.message === message.id) && !message.removed) row.preview = preview(message);
    // What was said by a clock that was ahead does not stand above all others for good.
    row.at = row.at > this.core.now() ? message.at : Math.max(row.at, message.at);
    if (isNew && message.kind !== "notice") Object.assign(row, { hidden: false, stowed: false });
    work.touch(row);
  }

  /** Whether what was said then belongs to a history that is read for the first time. */
  settled(chat: Address, at: number): boolean {
    return at <= (this.first.get(this.isGroup(chat) ? chat : "") ?? 0);
  }

  private count(row: ChatRow, message: MessageRow): void {
    if (this.settled(row.id, message.at)) return;
    // A clock was ahead when that was read: what comes now has not been.
    if (row.readAt > this.core.now()) row.readAt = message.at - 1;
    if (message.own) {
      // Who answers has read: of what is still to be sent, what was here by then.
      const readAt = message.state === "waiting" ? row.at : message.at;
      if (readAt >= row.readAt)
        Object.assign(row, { readAt, unread: 0, mentions: 0, firstUnread: undefined });
    } else if (message.at > row.readAt) {
      if (row.unread === 0 || !row.firstUnread) row.firstUnread = message.id;
      row.unread++;
      if (message.mention) row.mentions++;
    }
  }

  /** Everything up to a moment has been read: what is left is counted again. */
  async readUpTo(row: ChatRow, at: number, stanzaId?: string): Promise<void> {
    const left = (await this.core.store.stretch(row.id, { at, seq: Infinity }, "newer", 1000)).filter(
      (message) => !message.own && message.kind !== "notice" && !message.removed,
    );
    const first = left[0]?.id;
    if (first === undefined) delete row.firstUnread;
    else row.firstUnread = first;
    await this.save(row, {
      readAt: at,
      unread: left.length,
      mentions: left.filter((message) => message.mention).length,
      ...(stanzaId !== undefined && { readId: stanzaId }),
    });
  }
}

/** Nothing has been said in it yet. */
const fresh = (id: Address, kind: ChatRow["kind"]): ChatRow => ({
  id,
  kind,
  at: 0,
  readAt: 0,
  unread: 0,
  mentions: 0,
  pinned: false,
  mute: "no",
  request: false,
  hidden: kind === "person",
  complete: false,
});

export function preview(message: MessageRow): Preview {
  return {
    message: message.id,
    who: message.own || message.kind === "notice" ? "" : message.who,
    own: message.own,
    text: message.retracted ? "" : cut(message.text || titled(message), 200),
    kind: message.kind,
    ...(message.retracted && { retracted: true }),
    ...(message.moderated && { moderated: true }),
    ...(message.state && { state: message.state }),
  };
}

/** What stands for the words of a file or a song without any. */
const titled = ({ kind, attachment }: MessageRow): string =>
  kind === "file" || kind === "audio" ? (attachment?.name ?? "") : "";
