import { bare } from "../../xmpp/jid.ts";
import type { Change, ChatRow, MessageRow } from "../../store/records.ts";
import type { Work } from "../core/work.ts";
import { apply, refsOf } from "./changes.ts";
import { requote } from "./quotes.ts";
import type { Parts } from "./surroundings.ts";

/** How a message comes to its place: in its chat, with what is said of it, and where it is answered. */
export class Keeping {
  constructor(private readonly parts: Parts) {}

  /** A new message, with what has been said of it before it came. */
  async add(work: Work, row: MessageRow, counts = true): Promise<void> {
    for (const change of await work.adopt(row.chat, refsOf(row))) apply(row, change);
    const chat = this.parts.chats.ensure(row.chat);
    this.meet(chat, row.own);
    await this.keep(work, row, counts);
  }

  /** A message as it is now. */
  async keep(work: Work, row: MessageRow, counts = false): Promise<void> {
    work.put(row);
    await requote(work, row, this.parts.chats.isGroup(row.chat));
    this.parts.chats.arrived(work, row, counts);
  }

  /** What is said of a message that is here; nothing happens where it is not for its sender to say, or no news. */
  async carryOut(work: Work, target: MessageRow, change: Change): Promise<void> {
    const next = structuredClone(target);
    if (apply(next, change)) await this.keep(work, next);
  }

  /** Who is a stranger and writes first asks to be let in. */
  meet(chat: ChatRow, own: boolean): void {
    if (own) chat.request = false;
    else if (chat.at === 0 && chat.kind === "person" && !this.welcome(chat.id)) chat.request = true;
  }

  /** Somebody known, or in a group that this person is in. */
  private welcome(chat: string): boolean {
    return chat.includes("/") ? this.parts.chats.follows(bare(chat)) : this.parts.around.known(chat);
  }
}
