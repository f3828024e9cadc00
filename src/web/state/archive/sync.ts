import { untold } from "../../xmpp/away.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Page, Query } from "../../proto/mam.ts";
import type { ChatRow } from "../../store/records.ts";
import { put } from "../../store/store.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Address } from "../model.ts";
import type { Messages } from "../messages/messages.ts";
import { hasGone, takePage } from "./archivepage.ts";

const PAGE = 100;
/** What a browser reads of a history that it has never seen; the rest comes as somebody scrolls. */
const FIRST_PAGES = 4;
/** What is read of a group's archive in one session: one that has no end must not fill the disk. */
const MOST_PAGES = 100;
const MOST_TRIES = 6;
const PATIENCE = 10_000;
/** How far before the last known message an archive is read by time: no two clocks agree (milliseconds). */
const MARGIN = 600_000;

/** The last known message of an archive, and when that got it. */
interface Mark {
  id: string;
  at?: number;
}

/** Reads in the archives (XEP-0313) what was missed. */
export class Sync {
  /** Archives that have been read up to now in this session. */
  private readonly current = new Set<string>();
  /** The newest id of the own archive: everything before it is here, from `from` on. */
  private newest: Mark | undefined;
  /** A live message came while the archive was being read. */
  private heard: Mark | undefined;

  /** A chat's history came here for the first time. */
  onFirst: (row: ChatRow, since: number) => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
    private readonly messages: Messages,
  ) {}

  async load(): Promise<void> {
    const kept = await this.core.store.get<{ newest: string; at?: number }>("kv", "archive");
    this.newest = kept && mark(kept.newest, kept.at);
  }

  /** Whether everything that this archive got before the session began is here. */
  upToDate(archive: string): boolean {
    return this.current.has(archive);
  }

  /** Waits until this archive has been read; false when that takes too long: a group that we are not in. */
  async read(archive: Address): Promise<boolean> {
    const until = Date.now() + PATIENCE;
    while (!this.current.has(archive) && Date.now() < until)
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
        setTimeout(resolve, PATIENCE);
      });
    return this.current.has(archive);
  }

  private done(archive: Address): void {
    this.current.add(archive);
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private readonly waiting: (() => void)[] = [];

  /** We are not in a group any more: what is said there from now on is missing. */
  left(group: Address): void {
    this.current.delete(group);
    this.behind.delete(group);
  }

  /** Groups whose archive has more than could be read in this session: the next one goes on from there. */
  private readonly behind = new Set<Address>();

  private readonly tries = new Map<Address, number>();

  /** Whether what people want to say there waits no longer for an archive that cannot be read: the next session asks again. */
  private givenUp(group: Address): boolean {
    const tries = (this.tries.get(group) ?? 0) + 1;
    this.tries.set(group, tries);
    if (tries >= MOST_TRIES) this.behind.add(group);
    return tries >= MOST_TRIES;
  }

  /** A new session: what came between is missing. */
  restart(): void {
    this.current.clear();
    this.behind.clear();
    this.tries.clear();
    this.heard = undefined;
    this.broken = false;
    this.began = performance.now();
  }

  /** When this session began, by a clock that nobody sets: what is said from then on is news, even while the rest is read. */
  private began = performance.now();

  /** The own archive. */
  async own(): Promise<void> {
    const self = this.core.me.address;
    const ago = performance.now() - this.began;
    if (this.newest === undefined) this.chats.first.set("", this.core.now() - ago);
    const last = await this.catchUp(undefined, this.newest);
    this.newest = this.heard ?? last ?? this.newest;
    this.done(self);
    await this.keepNewest();
    const since = this.chats.first.get("");
    if (since === undefined) return;
    this.chats.first.delete("");
    for (const row of [...this.chats.all()]) if (row.kind === "person") await this.onFirst(row, since);
  }

  /** A group's archive, once it has been entered. */
  async group(row: ChatRow): Promise<void> {
    // What was empty when it was read to its start is known: what has come since is news.
    const fresh = row.newest === undefined && !row.complete;
    const since = this.chats.first.get(row.id) ?? this.core.now();
    if (fresh) this.chats.first.set(row.id, since);
    try {
      const last = await this.catchUp(row.id, mark(row.newest, row.newestAt));
      if (last) await this.chats.save(row, { newest: last.id, newestAt: last.at ?? since });
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      // A room without an archive, or one that we may not read: what is said from now on is all there is.
      if (!untold(error)) row.complete = true;
      else if (!this.givenUp(row.id)) throw error;
    }
    this.done(row.id);
    if (this.chats.first.delete(row.id)) await this.onFirst(row, since);
  }

  /** What came could not be kept: the next session reads the archive again from the last that was. */
  stale(): void {
    this.broken = true;
  }

  private broken = false;

  /** A live message has an id in an archive: from here on nothing is missing. */
  heardLive(archive: string, stanzaId: string): void {
    if (this.broken) return;
    const newest = { id: stanzaId, at: this.core.timeOf(stanzaId) };
    if (archive !== this.core.me.address) {
      const row = this.chats.get(archive);
      if (row && this.current.has(archive) && !this.behind.has(archive))
        void this.chats.save(row, { newest: newest.id, newestAt: newest.at });
      return;
    }
    this.heard = newest;
    if (!this.current.has(archive)) return;
    this.newest = newest;
    void this.keepNewest();
  }

  /** Pages forward from what is known; without that, the newest pages backwards. The newest read, if anything was. */
  private async catchUp(archive: string | undefined, newest: Mark | undefined): Promise<Mark | undefined> {
    if (newest === undefined) return this.backward(archive);
    try {
      return await this.forward(archive, { after: newest.id });
    } catch (error) {
      if (!hasGone(error)) throw error;
      // Whatever came meanwhile, and however much: from then on. What is here already is known by its id.
      return newest.at === undefined
        ? this.backward(archive)
        : this.forward(archive, { start: newest.at - MARGIN });
    }
  }

  private async forward(
    archive: string | undefined,
    from: Pick<Query, "after" | "start">,
  ): Promise<Mark | undefined> {
    let last: Mark | undefined;
    for (let number = 1; ; number++) {
      const page = await this.core.archives.page({
        ...from,
        ...(last && { after: last.id }),
        max: PAGE,
        ...(archive && { archive }),
      });
      await takePage(this.messages, this.core.me.address, page, archive);
      const ended = page.complete || page.last === undefined || page.last === last?.id;
      last = endOf(page) ?? last;
      if (archive === undefined && last !== undefined) {
        this.newest = last;
        await this.keepNewest();
      }
      if (ended) return last;
      if (archive === undefined || number < MOST_PAGES) continue;
      this.behind.add(archive);
      return last;
    }
  }

  private async backward(archive: string | undefined): Promise<Mark | undefined> {
    let before: string | undefined;
    let last: Mark | undefined;
    const pages = archive === undefined ? FIRST_PAGES : 1;
    for (let number = 0; number < pages; number++) {
      const page = await this.core.archives.page({
        max: PAGE,
        ...(before !== undefined && { before }),
        ...(archive && { archive }),
      });
      last ??= endOf(page);
      before = page.first;
      await takePage(this.messages, this.core.me.address, page, archive);
      if (page.complete || before === undefined) {
        if (archive === undefined)
          for (const row of this.chats.all()) if (row.kind === "person") row.complete = true;
        const room = archive === undefined ? undefined : this.chats.get(archive);
        if (room) room.complete = true;
        break;
      }
    }
    return last;
  }

  private async keepNewest(): Promise<void> {
    if (!this.newest) return;
    const { id: newest, at } = this.newest;
    await this.core.store.write([put("kv", { id: "archive", newest, ...(at !== undefined && { at }) })]);
  }
}

const mark = (id: string | undefined, at: number | undefined): Mark | undefined =>
  id === undefined ? undefined : { id, ...(at !== undefined && { at }) };

const endOf = ({ last, messages }: Page): Mark | undefined => mark(last, messages.at(-1)?.at);
