import type { ChatRow, MessageRow } from "../../store/records.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Address, Reader } from "../model.ts";
import type { Messages } from "../messages/messages.ts";
import type { Work } from "../core/work.ts";

/** In a larger group nobody tells everybody what they read. */
const MOST = 50;
/** How far back a mark is followed: what is older was marked before. */
const MARKED = 50;

/** Whether marks are kept (XEP-0333): only among invited people who know each other, and not too many. */
const keepsReads = ({ group, request }: ChatRow): boolean =>
  !request && group?.closed === true && (group.members?.length ?? 0) <= MOST;

/** Whether who reads here tells the others: only where it is known who they are. */
export const tellsReads = (row: ChatRow): boolean => keepsReads(row) && row.group?.members !== undefined;

/** How far each of the others in a closed group has read. */
export class Readers {
  nameOf!: (address: Address) => string;

  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
    private readonly messages: Messages,
  ) {}

  /** A mark of somebody in a group. */
  async heard(work: Work, chat: Address, reader: Address | undefined, stanzaId: string): Promise<void> {
    const row = this.chats.get(chat);
    if (!reader || !row?.group || !keepsReads(row)) return;
    const message = await work.find(chat, "stanzaId", stanzaId);
    const reads = row.group.reads ?? {};
    if (!message || (reads[reader] ?? 0) >= message.at) return;
    // Before it is known who belongs to it, nobody can make this grow.
    if (reads[reader] === undefined && Object.keys(reads).length > MOST) return;
    row.group = { ...row.group, reads: { ...reads, [reader]: message.at } };
    work.touch(row);
    await this.mark(work, row);
  }

  /** Who belongs to a group is known, or has changed: what all of them have read, and nothing of who has gone. */
  settle(row: ChatRow): Promise<void> {
    return this.messages.change(async (work) => {
      if (!row.group?.reads) return;
      const reads = Object.entries(row.group.reads).filter(([who]) => row.group?.members?.includes(who));
      row.group = { ...row.group, reads: Object.fromEntries(reads) };
      work.touch(row);
      await this.mark(work, row);
    });
  }

  /** Whether all the others have read what was said at a moment. */
  byAll(chat: Address, at: number): boolean {
    const row = this.chats.get(chat);
    return row !== undefined && at <= everybody(row);
  }

  /** Who has read one's own message in a group, and who has not yet. */
  async of(id: string): Promise<Reader[]> {
    const message = await this.core.store.get<MessageRow>("messages", id);
    const row = message && this.chats.get(message.chat);
    if (!message?.stanzaId || !row?.group || !keepsReads(row)) return [];
    const reads = row.group.reads ?? {};
    return (row.group.members ?? [])
      .map((address) => ({
        address,
        name: this.nameOf(address),
        read: (reads[address] ?? 0) >= message.at,
      }))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  /** The own messages that everybody has read by now. */
  private async mark(work: Work, row: ChatRow): Promise<void> {
    const upTo = everybody(row);
    if (upTo === 0) return;
    const stored = await this.core.store.stretch(row.id, { at: upTo, seq: Infinity }, "older", MARKED);
    const all = new Map(stored.map((message) => [message.id, message]));
    for (const message of work.messages.values()) all.set(message.id, message);
    for (const message of all.values()) {
      if (message.chat !== row.id || message.state !== "sent" || message.at > upTo) continue;
      const next: MessageRow = { ...message, state: "read" };
      work.put(next);
      this.chats.arrived(work, next, false);
    }
  }
}

/** Up to when all the others have read; 0: not even the first word, or nobody knows who they are. */
function everybody({ group }: ChatRow): number {
  const members = group?.members ?? [];
  return members.length === 0 ? 0 : Math.min(...members.map((one) => group?.reads?.[one] ?? 0));
}
