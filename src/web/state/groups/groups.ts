import { t } from "../../i18n/index.ts";
import { called } from "../../i18n/names.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import * as bookmarks from "../../proto/bookmarks.ts";
import { info } from "../../proto/disco.ts";
import * as muc from "../../proto/muc.ts";
import type { Event } from "../../proto/pubsub.ts";
import * as wishes from "../../proto/wishes.ts";
import { x } from "../../xmpp/xml.ts";
import type { ChatRow } from "../../store/records.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Address, Mute } from "../model.ts";
import type { Rooms } from "./rooms.ts";

/** The groups of this account, which its bookmarks name, and what a person does with them. */
export class Groups {
  private readonly marks = new Map<Address, bookmarks.Bookmark>();

  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
    private readonly rooms: Rooms,
  ) {}

  /** Which they are, so that they stand in the list before anything is read of them. */
  async load(): Promise<void> {
    const marks = await bookmarks.bookmarks(this.core.stream);
    this.marks.clear();
    for (const mark of marks) this.marks.set(mark.room, mark);
    for (const row of [...this.chats.all()])
      if (row.kind === "group" && !row.request && !row.hidden && !this.marks.get(row.id)?.autojoin)
        await this.close(row);
    for (const mark of marks) if (mark.autojoin) await this.list(mark);
  }

  async start(): Promise<void> {
    await Promise.all(
      [...this.marks.values()].filter((mark) => mark.autojoin).map((mark) => this.follow(mark)),
    );
  }

  /** Bookmarks changed on another device. */
  event({ items, retracted }: Event): void {
    for (const room of retracted) {
      this.marks.delete(room);
      this.core.aside(this.left(room));
    }
    for (const mark of items.flatMap(bookmarks.read)) {
      this.marks.set(mark.room, mark);
      if (mark.autojoin) this.core.aside(this.follow(mark));
      else this.core.aside(this.left(mark.room));
    }
  }

  private async follow(mark: bookmarks.Bookmark): Promise<void> {
    const row = await this.list(mark);
    const room = this.rooms.get(mark.room);
    if (!room || room.state === "out") await this.rooms.enter(row);
  }

  private async list(mark: bookmarks.Bookmark): Promise<ChatRow> {
    const row = this.chats.ensure(mark.room, "group");
    const { password: _, over: _over, ...group } = row.group ?? { closed: false };
    await this.chats.save(row, {
      hidden: row.stowed === true,
      request: false,
      ...this.wished(row),
      name: mark.name ?? row.name ?? called(mark.room),
      at: row.at || this.core.now(),
      group: {
        ...group,
        nick: this.nick(mark),
        ...(mark.password !== undefined && { password: mark.password }),
      },
    });
    return row;
  }

  private nick(mark: bookmarks.Bookmark): string {
    return mark.nick ?? this.core.me.name;
  }

  private async left(address: Address): Promise<void> {
    this.core.aside(this.rooms.leave(address));
    const row = this.chats.get(address);
    if (row?.kind === "group") await this.close(row);
  }

  /** What was said in a group that is no more can still be read. */
  private async close(row: ChatRow): Promise<void> {
    if (!row.group?.over) await this.chats.close(row.id);
  }

  /** A group is no more: who enters it again would make another one of its name. */
  async over(row: ChatRow, text: string, venue: Address | undefined): Promise<void> {
    const group = row.group ?? { nick: "", closed: false };
    await this.chats.save(row, { group: { ...group, over: { text, ...(venue && { venue }) } } });
    const mark = this.marks.get(row.id);
    if (mark) await this.keep({ ...mark, autojoin: false });
  }

  // ---- for the person at the screen ----

  /** A group for invited people alone, encrypted or not: anybody who heard its address could enter another. */
  async create(name: string, people: readonly Address[], encrypted: boolean): Promise<Address> {
    const address = `${slug(name)}-${Math.random().toString(36).slice(2, 8)}@groups.${this.core.domain}`;
    const row = this.chats.ensure(address, "group");
    row.group = { nick: this.core.me.name, closed: true };
    row.name = name;
    row.complete = true;
    row.lock = encrypted;
    const entering = this.rooms.enter(row, true);
    const room = this.rooms.get(address)!;
    await room.entered;
    if (room.state !== "in") {
      await this.chats.close(address);
      throw new Error(room.problem ?? t("error.unknown"));
    }
    await muc.configure(this.core.stream, address, muc.closedRoom(name));
    await this.rooms.describe(row);
    await Promise.all([entering, this.keep(wished({ room: address, name, autojoin: true }, { mute: "no" }))]);
    await this.invite(address, people);
    return address;
  }

  async invite(room: Address, people: readonly Address[]): Promise<void> {
    const { stream } = this.core;
    const { group, lock } = this.chats.get(room) ?? {};
    const affiliation = this.rooms.get(room)?.self?.affiliation;
    const runs = affiliation === "owner" || affiliation === "admin";
    for (const person of people) {
      if (group?.closed && runs) await muc.affiliate(stream, room, person, "member");
      const asks =
        group?.closed && !runs ? muc.mediated(room, person) : muc.invite(person, room, lock === true);
      await stream.send(asks);
    }
  }

  async join(room: Address, password?: string): Promise<Address> {
    const found = await info(this.core.stream, room);
    const name = found.identities.find((one) => one.category === "conference")?.name;
    this.chats.ensure(room, "group").stowed = false;
    // What was wanted of it before is wanted still.
    await this.keep({
      ...this.marks.get(room),
      room,
      autojoin: true,
      ...(name && { name }),
      ...(password !== undefined && { password }),
    });
    await this.follow(this.marks.get(room)!);
    const state = this.rooms.get(room);
    if (state?.state === "out") throw new Error(state.problem ?? t("error.unknown"));
    return room;
  }

  /** Whether this person can come back without being asked in. */
  async leave(address: Address): Promise<boolean> {
    const mark = this.marks.get(address);
    const closed = this.chats.get(address)?.group?.closed;
    let back = !closed;
    await this.rooms.leave(address, async (affiliation) => {
      if (!closed) return;
      await this.resign(address, affiliation);
      back = await this.belongs(address);
    });
    // A member's own removal stands: the bookmark stays, without coming back by itself.
    if (mark) await this.keep({ ...mark, autojoin: false });
    const row = this.chats.get(address);
    if (row) row.left = this.core.now();
    await this.chats.close(address);
    return back;
  }

  /** Who has left a closed group reads nothing of it any more, and nobody waits for them to. */
  private async resign(address: Address, affiliation: muc.Affiliation): Promise<void> {
    try {
      await muc.resign(this.core.stream, address, affiliation);
    } catch (error) {
      // The last owner stays one.
      if (!(error instanceof StanzaError)) throw error;
    }
  }

  /** Who is in a circle belongs to its group whether they are in it or not; only its own are told who does (XEP-0045 section 9.5). */
  private async belongs(address: Address): Promise<boolean> {
    const { stream, me } = this.core;
    const lists = ["member", "admin", "owner"] as const;
    const told = await Promise.all(lists.map((one) => muc.affiliated(stream, address, one).catch(() => [])));
    return told.flat().some((one) => one.address === me.address);
  }

  /** What this person wants of it, on all devices. */
  async wish(address: Address, change: Partial<wishes.Wish>): Promise<void> {
    const mark = this.marks.get(address);
    if (mark) await this.keep(wished(mark, change));
  }

  /** What its bookmark says, else what is meant where nothing is said: a group of anybody's tells what concerns one (XEP-0492 section 4). */
  wished(row: ChatRow): { mute: Mute; pinned: boolean } {
    const { mute, pinned } = wishes.read(this.marks.get(row.id)?.extensions);
    return { pinned, mute: mute ?? (row.group?.closed === false ? "mentions" : "no") };
  }

  private async keep(mark: bookmarks.Bookmark): Promise<void> {
    this.marks.set(mark.room, mark);
    await bookmarks.keep(this.core.stream, mark);
  }
}

const wished = (mark: bookmarks.Bookmark, change: Partial<wishes.Wish>): bookmarks.Bookmark => ({
  ...mark,
  extensions: wishes.change(mark.extensions ?? x("extensions"), change),
});

const slug = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 30) || "group";
