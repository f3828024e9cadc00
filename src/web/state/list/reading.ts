import { displayed, tell, type Displayed } from "../../proto/displayed.ts";
import { displayedMark } from "../../proto/say.ts";
import type { ChatRow, MessageRow } from "../../store/records.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Address } from "../model.ts";
import type { Messages } from "../messages/messages.ts";
import { tellsReads } from "./readers.ts";

/** What has been read: here, and on the other devices (XEP-0490); and that the others may know it (XEP-0333). */
export class Reading {
  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
    private readonly messages: Messages,
  ) {}

  /** How far the other devices have read, as the box told at the beginning of this session. */
  private marks = new Map<Address, string>();

  async load(): Promise<void> {
    this.marks = new Map((await displayed(this.core.stream)).map((mark) => [mark.chat, mark.stanzaId]));
  }

  /** A chat whose history came here for the first time: unread is only what the other devices have not read. */
  async settle(row: ChatRow, since: number): Promise<void> {
    const mark = this.marks.get(row.id);
    const read = mark && (await this.core.store.find(row.id, "stanzaId", mark));
    const at = read ? read.at : Math.max(Math.min(row.at, since), row.readAt);
    row.told = at;
    await this.chats.readUpTo(row, at, mark);
  }

  /** Where the other devices are now, and what was read here while nobody could be told. */
  async catchUp(): Promise<void> {
    for (const [chat, stanzaId] of this.marks) await this.elsewhere({ chat, stanzaId });
    for (const row of [...this.chats.all()]) await this.tellOf(row);
  }

  /** Everything up to this message was on the screen. */
  async here(chat: Address, message: string): Promise<void> {
    const row = this.chats.get(chat);
    const shown = await this.core.store.get<MessageRow>("messages", message);
    if (!row || !shown || shown.chat !== chat || shown.at <= row.readAt) return;
    await this.upTo(row, shown);
    await this.tellOf(row);
  }

  /** Among what is taken in, so that nothing is counted that is not on disk yet, or the other way round. */
  private upTo(row: ChatRow, { at, stanzaId }: MessageRow): Promise<void> {
    return this.messages.change(async () => {
      if (at > row.readAt) await this.chats.readUpTo(row, at, stanzaId);
    });
  }

  /** Tells the own devices, and who wrote it, what is new of that. */
  private async tellOf(row: ChatRow): Promise<void> {
    if (!this.core.online || row.readAt <= (row.told ?? 0)) return;
    const read = await this.core.store.stretch(row.id, { at: row.readAt, seq: Infinity }, "older", 30);
    const last = read.find((one) => !one.own && one.stanzaId !== undefined);
    if (!last || last.at <= (row.told ?? 0)) return;
    row.told = last.at;
    await this.tellAll(row, last);
    await this.chats.save(row);
  }

  private async tellAll(row: ChatRow, message: MessageRow): Promise<void> {
    const chat = row.id;
    const group = row.kind === "group";
    const ref = group ? message.stanzaId : message.mid;
    // Who may not know that somebody is here does not learn it so: strangers of a group, and who is no contact any more.
    const may = group ? tellsReads(row) : !row.request && this.chats.neighbours.known(chat);
    if (ref && may && this.core.settings.readMarks) this.core.tell(displayedMark(chat, group, ref));
    if (!message.stanzaId || chat.includes("/")) return;
    const archive = group ? chat : this.core.me.address;
    await tell(this.core.stream, chat, message.stanzaId, archive).catch(() => undefined);
  }

  /** Another own device has read. */
  async elsewhere({ chat, stanzaId }: Displayed): Promise<void> {
    await this.messages.change(() => Promise.resolve());
    const row = this.chats.get(chat);
    if (!row || row.readId === stanzaId) return;
    const message = await this.core.store.find(chat, "stanzaId", stanzaId);
    // Of a history that is not here: what is here will be told of when it is read.
    if (!message) return;
    await this.heard(row, message);
  }

  /** The same, told by a copy of the mark that it sent. */
  async byMessage(chat: Address, mid: string): Promise<void> {
    const row = this.chats.get(chat);
    const message = await this.core.store.find(chat, "mid", mid);
    if (row && message) await this.heard(row, message);
  }

  private heard(row: ChatRow, message: MessageRow): Promise<void> {
    row.told = Math.max(row.told ?? 0, message.at);
    return this.upTo(row, message);
  }
}
