import { signal } from "@preact/signals";
import type { MessageRow, Place } from "../../store/records.ts";
import type { Store } from "../../store/store.ts";
import type { ChatView } from "../client.ts";
import type { Call } from "./mirror.ts";
import type { Address, Message } from "../model.ts";
import type { Patch } from "../patch.ts";
import { shown } from "../messages/shown.ts";

const FIRST = 40;
const MORE = 60;

/** What the box's archive had to give. */
export interface Older {
  complete: boolean;
}

/** A stretch of one chat: read from the store, and from the box where the store ends. */
export class Stretch implements ChatView {
  readonly messages = signal<readonly Message[]>([]);
  readonly complete = signal(false);
  readonly latest = signal(true);
  readonly busy = signal(false);
  private first: Place | undefined;
  private last: Place | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly chat: Address,
    private readonly store: Store,
    private readonly call: Call,
    private readonly self: () => Address,
    private readonly closed: () => void,
  ) {
    void this.end();
  }

  older(): Promise<void> {
    return this.alone(async () => {
      if (this.complete.value) return;
      let rows = await this.store.stretch(this.chat, this.first, "older", MORE);
      // The archive may have pages that hold nothing to be drawn.
      for (let tries = 0; rows.length === 0 && tries < 5; tries++) {
        const { complete } = await this.call<Older>("older", this.chat);
        rows = await this.store.stretch(this.chat, this.first, "older", MORE);
        if (complete && rows.length === 0) this.complete.value = true;
        if (complete) break;
      }
      this.prepend(rows);
    });
  }

  newer(): Promise<void> {
    return this.alone(async () => {
      if (this.latest.value) return;
      const rows = await this.store.stretch(this.chat, this.last, "newer", MORE);
      this.last = rows.at(-1) ?? this.last;
      this.latest.value = rows.length < MORE;
      this.messages.value = merged(this.messages.value, this.draw(rows));
    });
  }

  async jump(message: string): Promise<boolean> {
    if (this.messages.value.some((one) => one.id === message)) return true;
    const target = await this.store.get<MessageRow>("messages", message);
    if (target?.chat !== this.chat) return false;
    await this.alone(async () => {
      const before = await this.store.stretch(this.chat, target, "older", MORE / 2);
      const after = await this.store.stretch(this.chat, target, "newer", MORE / 2);
      this.replace([...before.reverse(), target, ...after], after.length < MORE / 2);
    });
    return true;
  }

  end(): Promise<void> {
    return this.alone(async () => {
      const rows = await this.store.stretch(this.chat, undefined, "older", FIRST);
      this.replace(rows.reverse(), true);
      if (rows.length >= FIRST) return;
      const { complete } = await this.call<Older>("older", this.chat);
      this.prepend(await this.store.stretch(this.chat, this.first, "older", MORE));
      if (complete)
        this.complete.value = (await this.store.stretch(this.chat, this.first, "older", 1)).length === 0;
    });
  }

  close(): void {
    this.closed();
  }

  /** Changes that came in. What is older than the stretch comes when somebody scrolls there. */
  apply({ messages, dropped, gone }: Patch): void {
    if (gone?.includes(this.chat)) this.replace([], true);
    if (dropped) this.messages.value = this.messages.value.filter((one) => !dropped.includes(one.id));
    const fresh = messages?.filter((one) => one.chat === this.chat && this.belongs(one));
    if (fresh && fresh.length > 0) this.messages.value = merged(this.messages.value, fresh);
  }

  private belongs(message: Message): boolean {
    const all = this.messages.value;
    if (all.some((one) => one.id === message.id)) return true;
    const first = all[0];
    const last = all.at(-1);
    const after = !first || message.at >= first.at || this.complete.value;
    return after && (this.latest.value || (last !== undefined && message.at < last.at));
  }

  private replace(rows: readonly MessageRow[], latest: boolean): void {
    this.first = rows[0];
    this.last = rows.at(-1);
    this.complete.value = false;
    this.latest.value = latest;
    this.messages.value = this.draw(rows);
  }

  private prepend(rows: readonly MessageRow[]): void {
    if (rows.length === 0) return;
    this.first = rows.at(-1);
    const known = new Set(this.messages.value.map((one) => one.id));
    const fresh = this.draw(rows.toReversed()).filter((one) => !known.has(one.id));
    this.messages.value = [...fresh, ...this.messages.value].sort(inOrder);
  }

  private draw(rows: readonly MessageRow[]): Message[] {
    return rows.filter((row) => !row.removed).map((row) => shown(row, this.self()));
  }

  /** One thing at a time; a second wish for the same waits for the first. */
  private alone(act: () => Promise<void>): Promise<void> {
    const before = this.running ?? Promise.resolve();
    this.busy.value = true;
    const run = before.then(act).finally(() => {
      if (this.running === run) {
        this.running = undefined;
        this.busy.value = false;
      }
    });
    this.running = run;
    return run;
  }
}

/** Both in their order; of two with the same id the fresh one. */
function merged(old: readonly Message[], fresh: readonly Message[]): Message[] {
  const replaced = new Map(fresh.map((message) => [message.id, message]));
  const all = old.map((message) => {
    const next = replaced.get(message.id);
    replaced.delete(message.id);
    return next ?? message;
  });
  return [...all, ...replaced.values()].sort(inOrder);
}

const inOrder = (a: Message, b: Message): number => a.at - b.at || (a.seq ?? 0) - (b.seq ?? 0);
