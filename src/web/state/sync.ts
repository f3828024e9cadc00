import { Lost, StanzaError } from "../xmpp/errors.ts";
import { bare } from "../xmpp/jid.ts";
import type { Page } from "../proto/mam.ts";
import type { ChatRow } from "../store/records.ts";
import { put } from "../store/store.ts";
import type { Chats } from "./chats.ts";
import type { Core } from "./core.ts";
import type { Address } from "./model.ts";
import type { Messages } from "./messages.ts";

const PAGE = 100;
/** What a browser reads of a history that it has never seen; the rest comes as somebody scrolls. */
const FIRST_PAGES = 4;
const OLDER = 50;
const PATIENCE = 10_000;

/** Reads the archives (XEP-0313): what was missed, and what is scrolled to. */
export class Sync {
  /** Archives that have been read up to now in this session. */
  private readonly current = new Set<string>();
  /** The newest id of the own archive: everything before it is here, from `from` on. */
  private newest: string | undefined;
  /** A live message came while the archive was being read. */
  private heard: string | undefined;

  /** A chat's history came here for the first time. */
  onFirst: (row: ChatRow, since: number) => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
    private readonly messages: Messages,
  ) {}

  async load(): Promise<void> {
    this.newest = (await this.core.store.get<{ newest: string }>("kv", "archive"))?.newest;
  }

  /** Whether everything that this archive got before the session began is here. */
  upToDate(archive: string): boolean {
    return this.current.has(archive);
  }

  /** Waits until this archive has been read; false when that takes too long: a group that we are not in. */
  private async read(archive: Address): Promise<boolean> {
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

  /** A new session: what came between is missing. */
  restart(): void {
    this.current.clear();
    this.heard = undefined;
    this.broken = false;
  }

  /** The own archive. */
  async own(): Promise<void> {
    const self = this.core.me.address;
    if (this.newest === undefined) this.chats.first.set("", this.core.now());
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
    const fresh = row.newest === undefined;
    const since = this.core.now();
    if (fresh) this.chats.first.set(row.id, since);
    try {
      const last = await this.catchUp(row.id, row.newest);
      if (last !== undefined) await this.chats.save(row, { newest: last });
    } catch (error) {
      // A room without an archive, or one that we may not read: what is said from now on is all there is.
      if (!(error instanceof StanzaError)) throw error;
      row.complete = true;
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
    if (archive !== this.core.me.address) {
      const row = this.chats.get(archive);
      if (row && this.current.has(archive)) void this.chats.save(row, { newest: stanzaId });
      return;
    }
    this.heard = stanzaId;
    if (!this.current.has(archive)) return;
    this.newest = stanzaId;
    void this.keepNewest();
  }

  /** An older page of one chat; resolves when it is in the store. */
  async older(chat: Address): Promise<{ complete: boolean }> {
    const row = this.chats.get(chat);
    const archive = row?.kind === "group" ? chat : this.core.me.address;
    if (row && !row.complete && this.core.online) {
      if (await this.read(archive)) await this.olderPage(row);
    }
    return { complete: row?.complete ?? false };
  }

  private async olderPage(row: ChatRow): Promise<void> {
    const query = { max: OLDER, before: await this.oldestId(row), ...this.where(row) };
    try {
      const page = await this.core.archives.page(query);
      await this.take(page, query.archive, true);
      await this.chats.save(row, {
        complete: page.complete,
        ...(page.first !== undefined && { oldest: page.first }),
      });
    } catch (error) {
      // Asked again when somebody scrolls there again.
      if (error instanceof Lost) return;
      if (!(error instanceof StanzaError)) throw error;
      // A room without an archive, or one that we may not read.
      await this.chats.save(row, { complete: true });
    }
  }

  private async oldestId(row: ChatRow): Promise<string> {
    if (row.oldest !== undefined) return row.oldest;
    const known = await this.core.store.stretch(row.id, undefined, "newer", 20);
    return known.find((message) => message.stanzaId)?.stanzaId ?? "";
  }

  private where(row: ChatRow): { archive?: string; with?: string } {
    return row.kind === "group" ? { archive: row.id } : { with: row.id };
  }

  /** Pages forward from what is known; without that, the newest pages backwards. The newest id read, if anything was. */
  private async catchUp(
    archive: string | undefined,
    newest: string | undefined,
  ): Promise<string | undefined> {
    if (newest !== undefined) {
      try {
        return await this.forward(archive, newest);
      } catch (error) {
        // What was known has left the archive since.
        if (!(error instanceof StanzaError) || error.condition !== "item-not-found") throw error;
      }
    }
    return this.backward(archive);
  }

  private async forward(archive: string | undefined, after: string): Promise<string | undefined> {
    let last: string | undefined;
    for (;;) {
      const page = await this.core.archives.page({
        after: last ?? after,
        max: PAGE,
        ...(archive && { archive }),
      });
      await this.take(page, archive);
      last = page.last ?? last;
      if (archive === undefined && last !== undefined) {
        this.newest = last;
        await this.keepNewest();
      }
      if (page.complete || page.last === undefined) return last;
    }
  }

  private async backward(archive: string | undefined): Promise<string | undefined> {
    let before: string | undefined;
    let last: string | undefined;
    const pages = archive === undefined ? FIRST_PAGES : 1;
    for (let number = 0; number < pages; number++) {
      const page = await this.core.archives.page({
        max: PAGE,
        ...(before !== undefined && { before }),
        ...(archive && { archive }),
      });
      last ??= page.last;
      before = page.first;
      await this.take(page, archive);
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

  /** What an archive gives that is its own to give: a room's only what was said in it. */
  private take(page: Page, archive: string | undefined, old = false): Promise<void> {
    const self = this.core.me.address;
    const own = page.messages.filter(({ message: { attrs } }) => {
      const inRoom = attrs.type === "groupchat";
      return archive === undefined ? !inRoom : inRoom && bare(attrs.from ?? "") === archive;
    });
    return this.messages.take(
      own.map(({ id, at, message }) => ({
        message,
        archived: { id, at },
        copied: bare(message.attrs.from ?? "") === self,
        old,
      })),
    );
  }

  private async keepNewest(): Promise<void> {
    if (this.newest !== undefined)
      await this.core.store.write([put("kv", { id: "archive", newest: this.newest })]);
  }
}
