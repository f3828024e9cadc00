import { passing } from "../../xmpp/away.ts";
import { Lost } from "../../xmpp/errors.ts";
import type { Element } from "../../xmpp/xml.ts";
import type { Content } from "../../proto/say.ts";
import type { MessageRow, OutboxRow } from "../../store/records.ts";
import { full, put, remove } from "../../store/store.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Messages } from "../messages/messages.ts";
import { Later, problem } from "../core/refusals.ts";
import type { Work } from "../core/work.ts";

/** What sending asks of other parts. */
export interface Means {
  /** Whether a chat can be written to now: its archive has been read, and a group has been entered. */
  ready(chat: string): boolean;
  /** Whether it goes encrypted, where that was not known when it was written. */
  decide(chat: string): Promise<boolean>;
  /** The stanza; throws an `Error` for a person to read when it may not be sent so. */
  seal(row: OutboxRow): Promise<Element | undefined>;
  /** What a message says as it stands. */
  content(message: MessageRow): Content;
  /** Sends a file's bytes up; the content then names where they are. */
  upload(row: OutboxRow): Promise<Content>;
}

/** So far off, a message was written long ago, or by a clock that was wrong (milliseconds). */
const LATE = 10_000;
/** Nobody can tell what came first within so short a time (milliseconds). */
const SOON = 100;
/** As many that came after it are looked at. */
const AFTER = 100;
const TRIES = 5;
const PAUSE = 2000;

/**
 * What waits to be sent, in order, on disk. A message is tried again only after the archive has been read: if it had
 * arrived, it would have come back from there by its own id and been taken off the list.
 */
export class Outbox {
  means!: Means;
  private readonly rows = new Map<string, OutboxRow>();
  /** Those on their way, those that were sent and wait for word that they arrived, and those that try again in a while. */
  private readonly status = new Map<string, "underway" | "sent" | "pausing">();
  private readonly tries = new Map<string, number>();

  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
    private readonly messages: Messages,
  ) {}

  async load(): Promise<void> {
    const rows = await this.core.store.all<OutboxRow>("outbox");
    for (const row of rows.sort((a, b) => a.seq - b.seq)) {
      if (!row.failed) this.rows.set(row.id, row);
      this.newest = Math.max(this.newest, row.seq);
    }
  }

  private newest = 0;

  /** Orders what waits, also within a moment, and by a clock that was set meanwhile. */
  private next(): number {
    return (this.newest = Math.max(this.newest + 1, Date.now()));
  }

  /** Keeps what is to be said, and shows it when it is a message of its own; resolves when it is on disk. */
  async add(
    what: Pick<OutboxRow, "chat" | "content" | "file" | "sealed" | "changes">,
    message?: MessageRow,
  ): Promise<void> {
    const id = message?.id ?? crypto.randomUUID();
    const row: OutboxRow = { ...what, id, seq: this.next() };
    await this.messages.change(async (work) => {
      work.also(put("outbox", row));
      if (message) await this.messages.keeping.add(work, message);
    });
    this.rows.set(id, row);
    this.pump();
  }

  /** Whether this is one of those that wait for word. */
  has(id: string): boolean {
    return this.rows.has(id);
  }

  /** The box, or the room, has it. */
  arrived(id: string, work: Work): void {
    this.forget(id);
    work.also(remove("outbox", id));
  }

  /** Takes back what has not been sent. */
  async cancel(id: string): Promise<boolean> {
    const row = this.rows.get(id) ?? (await this.core.store.get<OutboxRow>("outbox", id));
    const status = this.status.get(id);
    if (!row || status === "sent" || (status === "underway" && !row.file)) return false;
    this.forget(id);
    await this.core.store.write([remove("outbox", id), remove("messages", id)]);
    this.core.emit({ dropped: [id], transfers: [[id, undefined]] });
    return true;
  }

  /** Tries again what failed. */
  async retry(message: MessageRow): Promise<void> {
    const kept = await this.core.store.get<OutboxRow>("outbox", message.id);
    const { failed: _, ...row } = kept ?? this.anew(message);
    await this.messages.change(async (work) => {
      work.also(put("outbox", row));
      const { problem: _problem, ...rest } = (await work.message(message.id)) ?? message;
      this.show(work, { ...rest, state: "waiting" });
    });
    this.rows.set(row.id, row);
    this.pump();
  }

  /** A message that came back after it had left: said anew as it stands. */
  private anew(message: MessageRow): OutboxRow {
    const { id, chat, encrypted } = message;
    return { id, chat, seq: this.next(), sealed: encrypted, content: this.means.content(message) };
  }

  /** Sends what can be sent; of one chat one after the other. */
  pump(): void {
    if (!this.core.online || this.held) return;
    const busy = new Set<string>();
    for (const row of this.rows.values()) {
      const status = this.status.get(row.id);
      if (status === "underway" || status === "pausing") busy.add(row.chat);
      if (status || busy.has(row.chat) || !this.means.ready(row.chat)) continue;
      busy.add(row.chat);
      this.status.set(row.id, "underway");
      void this.send(row).then(() => this.pump());
    }
  }

  private async send(row: OutboxRow): Promise<void> {
    try {
      if (row.sealed === undefined) await this.settle(row, { sealed: await this.means.decide(row.chat) });
      if (row.file) {
        const content = await this.means.upload(row);
        if (!this.rows.has(row.id)) return;
        delete row.file;
        await this.settle(row, { content });
      }
      const stanza = await this.means.seal(row);
      if (!stanza) return await this.done(row);
      await this.place(row);
      this.status.set(row.id, "sent");
      this.core.aside(
        this.core.stream.send(stanza).then(
          () => this.acknowledged(row),
          // What was lost may have arrived: the archive says so in the next session.
          (error: unknown) => (error instanceof Lost ? undefined : this.stumbled(row, error)),
        ),
      );
    } catch (error) {
      await this.stumbled(row, error);
    }
  }

  private async settle(row: OutboxRow, change: Partial<OutboxRow>): Promise<void> {
    Object.assign(row, change);
    if (!this.rows.has(row.id)) return;
    await this.messages.change(async (work) => {
      work.also(put("outbox", row));
      const message = await work.message(row.id);
      if (message && row.sealed !== undefined && message.encrypted !== row.sealed)
        work.put({ ...message, encrypted: row.sealed });
    });
  }

  private held = true;

  /** This device's keys are published: who is written to can answer. */
  release(): void {
    this.held = false;
    this.pump();
  }

  /** A new session: what was not acknowledged in the old one waits again, until the archive says that it arrived. */
  restart(): void {
    this.held = true;
    for (const [id, status] of this.status) if (status === "sent") this.status.delete(id);
  }

  private forget(id: string): void {
    this.rows.delete(id);
    this.status.delete(id);
    this.tries.delete(id);
  }

  /** In a group a message's copy from the room says that it is sent; else the box's acknowledgement does. */
  private async acknowledged(row: OutboxRow): Promise<void> {
    const shown =
      this.chats.isGroup(row.chat) && (await this.core.store.get("messages", row.id)) !== undefined;
    if (!shown) await this.done(row);
  }

  private async done(row: OutboxRow): Promise<void> {
    this.forget(row.id);
    await this.messages.change(async (work) => {
      work.also(remove("outbox", row.id));
      const message = await work.message(row.id);
      if (message?.state === "waiting") this.show(work, { ...message, state: "sent" });
      if (row.changes) await this.stands(work, row.changes);
    });
  }

  /** What was sent last is what stands, for all others: an earlier change may have come back from the archive meanwhile. */
  private async stands(work: Work, { message, how }: NonNullable<OutboxRow["changes"]>): Promise<void> {
    const target = await work.message(message);
    const now = { ...how, at: Math.max(how.at, this.core.now()) };
    if (target) await this.messages.keeping.carryOut(work, target, now);
  }

  /** It stands where it is sent, as it does for all others: something may have been said since it was written. */
  private async place({ id, chat, content }: OutboxRow): Promise<void> {
    if (content.replaces !== undefined || (content.body === undefined && !content.file)) return;
    await this.messages.change(async (work) => {
      const message = await work.message(id);
      if (message?.state !== "waiting") return;
      const after = await this.core.store.stretch(chat, message, "newer", AFTER);
      const unsent = (one: MessageRow) => this.rows.has(one.id) && this.status.get(one.id) !== "sent";
      const before = after.findLast((one) => !unsent(one));
      const off = Math.abs(this.core.now() - message.at);
      if (!before && off < SOON) return;
      // Before those that are still to be sent.
      const at = before && off < LATE && after.at(-1) !== before ? before.at : this.core.now();
      this.show(work, { ...message, at, seq: Math.max(this.core.order(), (before?.seq ?? 0) + 1) });
    });
  }

  private async stumbled(row: OutboxRow, error: unknown): Promise<void> {
    if (!this.rows.has(row.id)) return;
    const tries = (this.tries.get(row.id) ?? 0) + 1;
    const lost = error instanceof Lost;
    const later = error instanceof Later || passing(error);
    const noRoom = full(error);
    if (noRoom) this.core.fault(error);
    // That it failed could not be kept either where there is no room.
    if (lost || noRoom || (later && tries < TRIES)) {
      if (!lost) this.tries.set(row.id, Math.min(tries, TRIES));
      this.status.set(row.id, "pausing");
      setTimeout(() => this.wake(row.id), PAUSE * 2 ** tries);
      return;
    }
    await this.messages.change((work) => this.failed(work, row.chat, row.id, problem(error)));
  }

  private wake(id: string): void {
    if (this.status.get(id) === "pausing") this.status.delete(id);
    this.pump();
  }

  /** It cannot be sent as it is: a message stays, to be tried again by hand; a change of one is told, and gone. */
  async failed(work: Work, chat: string, mid: string, why: string): Promise<void> {
    const message = (await work.message(mid)) ?? (await work.find(chat, "mid", mid));
    const row = this.rows.get(mid);
    this.forget(mid);
    if (message?.own && message.chat === chat) {
      if (row) work.also(put("outbox", { ...row, failed: true }));
      this.show(work, { ...message, state: "failed", problem: why });
    } else if (row) {
      work.also(remove("outbox", mid));
      this.core.toast(why, "wrong");
    }
  }

  private show(work: Work, message: MessageRow): void {
    work.put(message);
    this.chats.arrived(work, message, false);
  }
}
