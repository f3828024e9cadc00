import { t } from "../i18n/index.ts";
import { bare, resource } from "../xmpp/jid.ts";
import { StanzaError, stanzaError } from "../xmpp/errors.ts";
import type { Element } from "../xmpp/xml.ts";
import * as bookmarks from "../proto/bookmarks.ts";
import { info, type Capabilities } from "../proto/disco.ts";
import * as muc from "../proto/muc.ts";
import { N } from "../proto/ns.ts";
import type { Event } from "../proto/pubsub.ts";
import type { Payload, Said } from "../proto/said.ts";
import type { ChatRow } from "../store/records.ts";
import type { Chats } from "./chats.ts";
import type { Core } from "./core.ts";
import type { Address, GroupState, Member } from "./model.ts";
import { conditionText } from "./outbox.ts";
import type { Sync } from "./sync.ts";

const LISTED = ["owner", "admin", "member"] as const;

/** What is known of a group while we are in it; nothing of it is kept. */
interface Room {
  state: "joining" | "in" | "out";
  problem?: string;
  nick: string;
  self?: muc.Occupant;
  occupants: Map<string, muc.Occupant>;
  entered?: () => void;
}

/** The groups of this account: those that its bookmarks name. */
export class Groups {
  private readonly rooms = new Map<Address, Room>();
  /** Ids of occupants that were ours. */
  private readonly ownIds = new Set<string>();
  private readonly marks = new Map<Address, bookmarks.Bookmark>();
  /** Told when a group has been entered and read. */
  onReady: (group: Address) => void = () => undefined;
  nameOf!: (address: Address) => string;

  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
    private readonly sync: Sync,
    private readonly caps: Capabilities,
  ) {}

  // ---- which ones ----

  /** Which they are, so that they stand in the list before anything is read of them. */
  async load(): Promise<void> {
    const marks = await bookmarks.bookmarks(this.core.stream);
    this.marks.clear();
    for (const mark of marks) this.marks.set(mark.room, mark);
    for (const row of [...this.chats.all()])
      if (row.kind === "group" && !row.request && !row.hidden && !this.marks.get(row.id)?.autojoin)
        await this.chats.close(row.id);
    for (const mark of marks) if (mark.autojoin) await this.list(mark);
  }

  async start(): Promise<void> {
    await Promise.all(
      [...this.marks.values()].filter((mark) => mark.autojoin).map((mark) => this.follow(mark)),
    );
  }

  /** Bookmarks changed on another device. */
  event({ items, retracted }: Event): void {
    for (const room of retracted) this.core.aside(this.left(room));
    for (const mark of items.flatMap(bookmarks.read)) {
      this.marks.set(mark.room, mark);
      if (mark.autojoin) this.core.aside(this.follow(mark));
      else this.core.aside(this.left(mark.room));
    }
  }

  private async follow(mark: bookmarks.Bookmark): Promise<void> {
    const row = await this.list(mark);
    const room = this.rooms.get(mark.room);
    if (!room || room.state === "out") await this.enter(row);
  }

  private async list(mark: bookmarks.Bookmark): Promise<ChatRow> {
    const row = this.chats.ensure(mark.room, "group");
    const { password: _, ...group } = row.group ?? { closed: false };
    await this.chats.save(row, {
      hidden: false,
      request: false,
      mute: bookmarks.muteOf(mark),
      name: mark.name ?? row.name ?? this.core.local(mark.room),
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
    return mark.nick ?? (this.core.me.name || this.core.local(this.core.me.address));
  }

  private async left(address: Address): Promise<void> {
    const room = this.rooms.get(address);
    if (room && room.state !== "out") this.core.tell(muc.leave(address, room.nick));
    this.rooms.delete(address);
    this.marks.delete(address);
    if (this.chats.isGroup(address)) await this.chats.close(address);
  }

  // ---- going in and out ----

  /** A new session: we are in none of them. */
  restart(): void {
    const all = [...this.rooms.keys()];
    this.rooms.clear();
    this.chats.show(...all);
  }

  private async enter(row: ChatRow): Promise<void> {
    const nick = row.group?.nick ?? this.core.local(this.core.me.address);
    const room: Room = { state: "joining", nick, occupants: new Map() };
    this.rooms.set(row.id, room);
    this.chats.show(row.id);
    const entered = new Promise<void>((resolve) => (room.entered = resolve));
    setTimeout(() => this.unanswered(row.id, room), 30_000);
    // Whether its ids of people can be trusted must be known before anybody speaks.
    await this.describe(row);
    this.core.tell(muc.enter(row.id, nick, row.group?.password, this.caps.element()));
    await entered;
    if (this.rooms.get(row.id) !== room || room.state !== "in") return;
    await this.sync.group(row);
    this.onReady(row.id);
    await this.count(row);
  }

  private unanswered(address: Address, room: Room): void {
    if (room.state !== "joining" || this.rooms.get(address) !== room) return;
    room.state = "out";
    room.problem = t("error.unreachable");
    room.entered?.();
    this.chats.show(address);
  }

  /** Who is in it, for the line under its name. */
  private async count(row: ChatRow): Promise<void> {
    const members = (await this.members(row.id)).filter((one) => !one.own && one.affiliation !== "outcast");
    const people = members
      .map(({ address, nick }) => (address ? this.nameOf(address) : nick))
      .sort((a, b) => a.localeCompare(b));
    if (row.group) await this.chats.save(row, { group: { ...row.group, people } });
  }

  /** Name, picture and whether only invited people enter (XEP-0045 section 6.4). */
  private async describe(row: ChatRow): Promise<void> {
    try {
      const found = await info(this.core.stream, row.id);
      const name = found.identities.find((one) => one.category === "conference")?.name;
      const closed = found.features.has("muc_membersonly") && found.features.has("muc_nonanonymous");
      const picture = found.form.get("muc#roominfo_avatarhash") ?? "";
      await this.chats.save(row, {
        ...(name && { name }),
        picture: picture && `${row.id}/${picture}`,
        group: { ...(row.group ?? { nick: "" }), closed, ids: found.features.has(N.occupantId) },
      });
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
    }
  }

  /** A presence from a group; false when it is none. */
  presence(stanza: Element): boolean {
    const address = bare(stanza.attrs.from ?? "");
    const room = this.rooms.get(address);
    if (stanza.attrs.type === "error") return room !== undefined && this.refused(address, room, stanza);
    const told = muc.presence(stanza);
    if (!told) return room !== undefined;
    if (!room) return true;
    if (told.own) this.self(address, room, told);
    if (told.gone) room.occupants.delete(told.occupant.nick);
    else room.occupants.set(told.occupant.nick, told.occupant);
    if (told.gone && told.newNick && !told.own)
      room.occupants.set(told.newNick, { ...told.occupant, nick: told.newNick });
    if (told.codes.has("104")) this.core.aside(this.reread(address));
    this.chats.show(address);
    return true;
  }

  private self(address: Address, room: Room, told: muc.RoomPresence): void {
    const { occupant, codes } = told;
    if (told.gone && codes.has("303")) room.nick = told.newNick ?? room.nick;
    else if (told.gone) this.out(address, room, told);
    else {
      room.self = occupant;
      room.nick = occupant.nick;
      if (occupant.occupantId) this.ownIds.add(`${address} ${occupant.occupantId}`);
      room.state = "in";
      delete room.problem;
      room.entered?.();
    }
  }

  private out(address: Address, room: Room, { codes, destroyed, reason }: muc.RoomPresence): void {
    room.state = "out";
    room.problem = destroyed
      ? t("group.destroyed")
      : codes.has("307")
        ? t("group.kicked")
        : codes.has("301")
          ? t("group.banned")
          : codes.has("321") || codes.has("322")
            ? t("group.removed")
            : t("group.left");
    if (reason) room.problem += ` (${reason.slice(0, 200)})`;
    room.entered?.();
    // The room's server goes down, and comes back: we do, too.
    if (codes.has("332")) this.again(address);
  }

  private again(address: Address): void {
    const row = this.chats.get(address);
    setTimeout(() => {
      if (row && this.core.online && this.rooms.get(address)?.state === "out")
        this.core.aside(this.enter(row));
    }, 15_000);
  }

  private refused(address: Address, room: Room, stanza: Element): boolean {
    const { condition } = stanzaError(stanza);
    const row = this.chats.get(address);
    if (condition === "conflict" && row?.group && room.nick.length < 100) {
      row.group.nick = `${room.nick}_`;
      room.entered?.();
      this.core.aside(this.enter(row));
      return true;
    }
    room.state = "out";
    room.problem =
      condition === "registration-required"
        ? t("group.membersOnly")
        : condition === "not-authorized"
          ? t("group.password")
          : condition === "forbidden"
            ? t("group.banned")
            : conditionText(condition);
    room.entered?.();
    this.chats.show(address);
    return true;
  }

  private async reread(address: Address): Promise<void> {
    const row = this.chats.get(address);
    if (row) await this.describe(row);
  }

  // ---- what others ask ----

  in(address: Address): boolean {
    return this.rooms.get(address)?.state === "in";
  }

  state(row: ChatRow): GroupState {
    const room = this.rooms.get(row.id);
    const affiliation = room?.self?.affiliation;
    return {
      joined: room?.state ?? (row.request ? "out" : "joining"),
      nick: room?.nick ?? row.group?.nick ?? "",
      closed: row.group?.closed ?? false,
      role:
        affiliation === "owner" || affiliation === "admin" || affiliation === "member" ? affiliation : "none",
      voice: room?.self?.role !== "visitor",
      ...(row.group?.people && { people: row.group.people }),
      ...(room?.problem !== undefined && { problem: room.problem }),
      ...(row.group?.subject && { subject: row.group.subject }),
    };
  }

  /** Who speaks: by the room's id of them where it gives one that cannot be forged, else by the nick of the moment. */
  speaker(room: Address, said: Said): { from: string; who: string; own: boolean } {
    const nick = resource(said.from);
    const known = this.rooms.get(room);
    const id = this.chats.get(room)?.group?.ids ? said.occupantId : undefined;
    const own = id ? this.ownIds.has(`${room} ${id}`) : nick !== "" && nick === known?.nick;
    if (own) return { from: this.core.me.address, who: this.core.me.name, own };
    const address = this.addressOf(room, said);
    return {
      from: id ? `${room} ${id}` : `${room}/${nick}`,
      who: (address && this.nameOf(address)) || nick,
      own,
    };
  }

  /** The real address behind an occupant, where the group shows it: whose keys an encrypted message is opened with. */
  addressOf(room: Address, said: Said): Address | undefined {
    const id = this.chats.get(room)?.group?.ids ? said.occupantId : undefined;
    const occupants = [...(this.rooms.get(room)?.occupants.values() ?? [])];
    const there = occupants.find((one) =>
      id ? one.occupantId === id : one.nick === resource(said.from),
    )?.address;
    const address = said.author ?? there ?? (id && this.authors.get(`${room} ${id}`));
    if (id && address) this.authors.set(`${room} ${id}`, address);
    return address || undefined;
  }

  /** Real addresses by the occupants' ids, of those too who are not there now. */
  private readonly authors = new Map<string, Address>();

  names(room: Address, payload: Payload): boolean {
    const nick = this.rooms.get(room)?.nick.toLowerCase();
    if (payload.mentions.some((uri) => bare(uri.replace(/^xmpp:/, "")) === this.core.me.address)) return true;
    if (payload.mentions.some((uri) => uri === `xmpp:${room}/${this.rooms.get(room)?.nick}`)) return true;
    const said = ` ${words(payload.body ?? "").join(" ")} `;
    return nick !== undefined && nick.length > 1 && said.includes(` ${words(nick).join(" ")} `);
  }

  /** `xmpp:` addresses of those whom a text names with an `@`. */
  mentioned(room: Address, text: string): string[] {
    const named = [...(this.rooms.get(room)?.occupants.values() ?? [])].filter((one) =>
      new RegExp(`@${escaped(one.nick)}(?![\\p{L}\\p{N}])`, "u").test(text),
    );
    return named.map((one) => `xmpp:${one.address ?? `${room}/${one.nick}`}`);
  }

  subject(room: Address, text: string): void {
    const row = this.chats.get(room);
    if (row?.group) void this.chats.save(row, { group: { ...row.group, subject: text.slice(0, 1000) } });
  }

  // ---- for the person at the screen ----

  async create(name: string, people: readonly Address[], closed: boolean): Promise<Address> {
    const address = `${slug(name)}-${Math.random().toString(36).slice(2, 8)}@groups.${this.core.domain}`;
    const row = this.chats.ensure(address, "group");
    row.group = { nick: this.core.me.name, closed };
    row.name = name;
    row.complete = true;
    const entering = this.enter(row);
    const room = this.rooms.get(address)!;
    await new Promise<void>((resolve) => (room.entered = chain(room.entered, resolve)));
    if (room.state !== "in") {
      await this.chats.close(address);
      throw new Error(room.problem ?? t("error.unknown"));
    }
    await muc.configure(
      this.core.stream,
      address,
      closed
        ? muc.closedRoom(name)
        : { "muc#roomconfig_roomname": name, "muc#roomconfig_persistentroom": "1" },
    );
    await this.describe(row);
    await Promise.all([entering, this.keep({ room: address, name, autojoin: true })]);
    await this.invite(address, people);
    return address;
  }

  async invite(room: Address, people: readonly Address[]): Promise<void> {
    for (const person of people) {
      if (this.chats.get(room)?.group?.closed) await muc.affiliate(this.core.stream, room, person, "member");
      await this.core.stream.send(muc.invite(person, room));
    }
  }

  async join(room: Address, password?: string): Promise<Address> {
    const found = await info(this.core.stream, room);
    const name = found.identities.find((one) => one.category === "conference")?.name;
    await this.keep({
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

  async leave(address: Address): Promise<void> {
    const mark = this.marks.get(address);
    const room = this.rooms.get(address);
    // A member's own removal stands: the bookmark stays, without coming back by itself.
    if (mark) await this.keep({ ...mark, autojoin: false });
    if (room && room.state !== "out") await this.core.stream.send(muc.leave(address, room.nick));
    this.rooms.delete(address);
    await this.chats.close(address);
  }

  async mute(address: Address, mute: "no" | "mentions" | "all"): Promise<void> {
    const mark = this.marks.get(address);
    if (mark) await this.keep(bookmarks.withMute(mark, mute));
  }

  async members(address: Address): Promise<Member[]> {
    const room = this.rooms.get(address);
    const here: Member[] = [...(room?.occupants.values() ?? [])].map((one) => ({
      nick: one.nick,
      affiliation: one.affiliation,
      role: one.role,
      here: true,
      own: one.nick === room?.nick,
      ...(one.address && { address: one.address }),
    }));
    const seen = new Set(here.flatMap((one) => one.address ?? []));
    const lists = await Promise.all(LISTED.map((one) => this.affiliated(address, one)));
    return [...here, ...lists.flat().filter((one) => !seen.has(one.address!))];
  }

  /** Addresses of everybody who may read what is said in a closed group. */
  async readers(address: Address): Promise<Address[]> {
    const here = [...(this.rooms.get(address)?.occupants.values() ?? [])].flatMap((one) => one.address ?? []);
    // Whoever is left out could never read it: without all lists nothing is written.
    const lists = await Promise.all(LISTED.map((one) => muc.affiliated(this.core.stream, address, one)));
    return [...new Set([...here, ...lists.flat().map((one) => bare(one.address))])];
  }

  private async affiliated(room: Address, affiliation: "owner" | "admin" | "member"): Promise<Member[]> {
    try {
      const list = await muc.affiliated(this.core.stream, room, affiliation);
      return list.map(({ address, nick }) => {
        const own = address === this.core.me.address;
        return { address, nick: nick ?? this.nameOf(address), affiliation, role: "none", here: false, own };
      });
    } catch (error) {
      if (error instanceof StanzaError) return [];
      throw error;
    }
  }

  private async keep(mark: bookmarks.Bookmark): Promise<void> {
    this.marks.set(mark.room, mark);
    await bookmarks.keep(this.core.stream, mark);
  }
}

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}_-]+/gu) ?? [];

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

const slug = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 30) || "group";

const chain =
  (first: (() => void) | undefined, second: () => void): (() => void) =>
  () => {
    first?.();
    second();
  };
