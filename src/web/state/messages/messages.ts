import { t } from "../../i18n/index.ts";
import type { MessageRow, OrphanRow } from "../../store/records.ts";
import { failed, remove } from "../../store/store.ts";
import type { Incoming } from "./arrival.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import { Intake } from "./intake.ts";
import { Keeping } from "./keeping.ts";
import { notice } from "./rows.ts";
import { shown } from "./shown.ts";
import type { Parts, Surroundings } from "./surroundings.ts";
import { turns } from "../core/turns.ts";
import { Work } from "../core/work.ts";

/** How much that is said of messages which are not here waits for them, and how long (milliseconds). */
const MOST = 1000;
const LONGEST = 30 * 86_400_000;

/** What changes the messages, one after the other: each batch is written as a whole, and then shown. */
export class Messages implements Parts {
  around!: Surroundings;
  readonly keeping: Keeping;
  private readonly intake: Intake;
  private readonly inTurn = turns();
  /** How much more waits since it was looked through. */
  private orphans = 0;

  constructor(
    readonly core: Core,
    readonly chats: Chats,
  ) {
    this.keeping = new Keeping(this);
    this.intake = new Intake(this, this.keeping);
  }

  /** What came in, in its order; resolves when it is on disk. */
  take(batch: readonly Incoming[]): Promise<void> {
    return this.change(async (work) => {
      for (const incoming of batch) {
        try {
          await this.intake.one(incoming, work);
        } catch (error) {
          // An encrypted one has taken with it what was to be written before it.
          if (failed(error)) throw error;
          // One that cannot be read keeps no other from being kept.
          reportError(error);
        }
      }
    });
  }

  /** After everything that is being changed already. */
  change(act: (work: Work) => Promise<void>): Promise<void> {
    return this.inTurn(async () => {
      const work = new Work(this.core.store);
      try {
        await act(work);
        await work.commit();
      } catch (error) {
        await this.chats.reread(work.chats.keys());
        throw error;
      }
      this.finish(work);
    });
  }

  /** @throws an `Error` for a person to read when it is not here any more. */
  async named(id: string): Promise<MessageRow> {
    const message = await this.core.store.get<MessageRow>("messages", id);
    if (!message) throw new Error(t("error.unknown"));
    return message;
  }

  /** A quiet line of the chat itself. */
  note(chat: string, text: string): Promise<void> {
    const row = notice(this.core, chat, text);
    return this.change((work) => this.keeping.add(work, row));
  }

  /** What waits for a message that does not come (it is older than the archive, or was never said) does not wait for ever. */
  tidy(now = Date.now()): Promise<void> {
    this.orphans = 0;
    return this.change(async (work) => {
      const all = await this.core.store.all<OrphanRow>("orphans");
      all.sort((a, b) => b.since - a.since);
      for (const [number, row] of all.entries())
        if (number >= MOST || row.since < now - LONGEST) work.also(remove("orphans", row.id));
    });
  }

  private finish(work: Work): void {
    this.orphans += work.orphaned;
    if (this.orphans > MOST / 4) this.core.aside(this.tidy());
    const self = this.core.me.address;
    const rows = [...work.messages.values()];
    const drawn = rows.filter((row) => !row.removed).map((row) => shown(row, self));
    const dropped = rows.filter((row) => row.removed).map((row) => row.id);
    if (rows.length > 0) this.core.emit({ messages: drawn, ...(dropped.length > 0 && { dropped }) });
    this.chats.show(...work.chats.keys());
  }
}
