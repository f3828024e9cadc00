import { displayed, tell, type Displayed } from "../proto/displayed.ts";
import { displayedMark } from "../proto/say.ts";
import type { ChatRow, MessageRow } from "../store/records.ts";
import type { Chats } from "./chats.ts";
import type { Core } from "./core.ts";
import type { Address } from "./model.ts";
import type { Messages } from "./messages.ts";

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
  async settle(row: ChatRow): Promise<void> {
    const mark = this.marks.get(row.id);
    const read = mark && (await this.core.store.find(row.id, "stanzaId", mark));
    await this.chats.readUpTo(row, read ? read.at : Math.max(row.at, row.readAt), mark);
  }

  /** Where the other devices are now, for the chats that were here before. */
  async catchUp(): Promise<void> {
    for (const [chat, stanzaId] of this.marks) await this.elsewhere({ chat, stanzaId });
  }

  /** Everything up to this message was on the screen. */
  async here(chat: Address, message: string): Promise<void> {
    const row = this.chats.get(chat);
    const shown = await this.core.store.get<MessageRow>("messages", message);
    if (!row || !shown || shown.chat !== chat || shown.at <= row.readAt) return;
    const unread = await this.lastOfOthers(chat, shown);
    await this.chats.readUpTo(row, shown.at, shown.stanzaId ?? unread?.stanzaId);
    if (unread && unread.at > (this.marked.get(chat) ?? 0)) {
      this.marked.set(chat, unread.at);
      await this.tellAll(chat, unread);
    }
  }

  private readonly marked = new Map<Address, number>();

  private async lastOfOthers(chat: Address, upTo: MessageRow): Promise<MessageRow | undefined> {
    if (!upTo.own && upTo.stanzaId) return upTo;
    return (await this.core.store.stretch(chat, upTo, "older", 30)).find(
      (one) => !one.own && one.stanzaId !== undefined,
    );
  }

  private async tellAll(chat: Address, message: MessageRow): Promise<void> {
    const group = this.chats.isGroup(chat);
    const row = this.chats.get(chat);
    const ref = group ? message.stanzaId : message.mid;
    if (ref && this.core.settings.readMarks && !row?.request) this.core.tell(displayedMark(chat, group, ref));
    if (message.stanzaId && this.core.online && !chat.includes("/"))
      await tell(this.core.stream, chat, message.stanzaId, group ? chat : this.core.me.address).catch(
        () => undefined,
      );
  }

  /** Another own device has read. */
  async elsewhere({ chat, stanzaId }: Displayed): Promise<void> {
    await this.messages.change(() => Promise.resolve());
    const row = this.chats.get(chat);
    if (!row || row.readId === stanzaId) return;
    const message = await this.core.store.find(chat, "stanzaId", stanzaId);
    // Of a history that is not here: what is here will be told of when it is read.
    if (!message) return;
    if (message.at > row.readAt) await this.chats.readUpTo(row, message.at, stanzaId);
  }

  /** The same, told by a copy of the mark that it sent. */
  async byMessage(chat: Address, mid: string): Promise<void> {
    const row = this.chats.get(chat);
    const message = await this.core.store.find(chat, "mid", mid);
    if (row && message && message.at > row.readAt)
      await this.chats.readUpTo(row, message.at, message.stanzaId);
  }
}
