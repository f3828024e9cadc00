import { untold } from "../../xmpp/away.ts";
import { Lost, StanzaError } from "../../xmpp/errors.ts";
import type { Query } from "../../proto/mam.ts";
import type { ChatRow } from "../../store/records.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Address } from "../model.ts";
import type { Messages } from "../messages/messages.ts";
import { hasGone, takePage } from "./archivepage.ts";
import type { Sync } from "./sync.ts";

const OLDER = 50;
const MOST_VAIN = 3;

/** What lies further back in a chat than what is here: read from its archive as somebody wants to see it. */
export class History {
  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
    private readonly messages: Messages,
    private readonly sync: Sync,
  ) {}

  /** An older page of one chat; resolves when it is in the store. */
  async older(chat: Address, max = OLDER): Promise<{ complete: boolean }> {
    const row = this.chats.get(chat);
    if (row && !row.complete && this.core.online && (await this.sync.read(this.archiveOf(row))))
      await this.further(row, max);
    return { complete: row?.complete ?? false };
  }

  /** How many pages in a row brought a chat no further back. */
  private readonly vain = new Map<Address, number>();

  /** Whether it is of no use to ask for more of a chat by oneself: its archive gives none, or has no end. */
  inVain(chat: Address): boolean {
    return (this.vain.get(chat) ?? 0) >= MOST_VAIN;
  }

  private async further(row: ChatRow, max: number): Promise<void> {
    const first = async () => (await this.core.store.stretch(row.id, undefined, "newer", 1))[0]?.id;
    const before = await first();
    await this.page(row, max);
    if (before === (await first())) this.vain.set(row.id, (this.vain.get(row.id) ?? 0) + 1);
    else this.vain.delete(row.id);
  }

  /** Where what was said in a chat is kept. */
  archiveOf(row: ChatRow): Address {
    return row.kind === "group" ? row.id : this.core.me.address;
  }

  private async page(row: ChatRow, max: number): Promise<void> {
    try {
      await this.read(row, { max, before: await this.oldestId(row) }).catch(async (error: unknown) => {
        if (!hasGone(error)) throw error;
        // The oldest that was known has left the archive: what is older may still be there.
        const [oldest] = await this.core.store.stretch(row.id, undefined, "newer", 1);
        await this.read(row, { max, ...(oldest && { end: oldest.at }) });
      });
    } catch (error) {
      // Asked again when somebody scrolls there again.
      if (error instanceof Lost || untold(error)) return;
      if (!(error instanceof StanzaError)) throw error;
      // A room without an archive, or one that we may not read.
      await this.chats.save(row, { complete: true });
    }
  }

  private async read(row: ChatRow, from: Pick<Query, "before" | "end" | "max">): Promise<void> {
    const where = row.kind === "group" ? { archive: row.id } : { with: row.id };
    const page = await this.core.archives.page({ ...from, ...where });
    await takePage(this.messages, this.core.me.address, page, where.archive, true);
    await this.chats.save(row, {
      complete: page.complete,
      ...(page.first !== undefined && { oldest: page.first }),
    });
  }

  private async oldestId(row: ChatRow): Promise<string> {
    if (row.oldest !== undefined) return row.oldest;
    const known = await this.core.store.stretch(row.id, undefined, "newer", 20);
    return known.find((message) => message.stanzaId)?.stanzaId ?? "";
  }
}
