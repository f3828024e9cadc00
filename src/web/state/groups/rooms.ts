import { cut } from "../../i18n/letters.ts";
import { t } from "../../i18n/index.ts";
import { bare, domain } from "../../xmpp/jid.ts";
import { StanzaError, stanzaError } from "../../xmpp/errors.ts";
import type { Element } from "../../xmpp/xml.ts";
import { info, type Capabilities } from "../../proto/disco.ts";
import * as muc from "../../proto/muc.ts";
import { N } from "../../proto/ns.ts";
import type { ChatRow } from "../../store/records.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import { ending, refusal, type Ending } from "./ending.ts";
import { newRoom, present, type Room } from "./room.ts";
import { insist } from "../core/insist.ts";
import type { Address } from "../model.ts";
import type { Sync } from "../archive/sync.ts";

/** How long a room may take to answer, and then how long until it is asked again: twice as long each time. */
const PATIENCE = 30_000;
const FIRST_PAUSE = 15_000;
const LONGEST_PAUSE = 600_000;
/** A group of another server that was silent for so long is asked whether we are still in it (XEP-0410), and not sooner than so. */
const QUIET = 15 * 60_000;
const SOONEST = 60_000;
/** Others come and go: what is drawn of it follows so much later, for all of them at once. */
const REDRAW = 1000;

/** What others want to know of it. */
export interface Listeners {
  /** A group has been entered and read. */
  ready(row: ChatRow): Promise<void>;
  /** Somebody has come to belong to a group, or does no longer. */
  member(row: ChatRow): Promise<void>;
  /** We were in it and are no longer, in words. */
  out(row: ChatRow, text: string): Promise<void>;
  /** It is no more, but may go on elsewhere. */
  over(row: ChatRow, text: string, venue: Address | undefined): Promise<void>;
}

/** Being in groups: going in and out, and who is there (XEP-0045 section 7). */
export class Rooms {
  private readonly rooms = new Map<Address, Room>();
  /** Ids of occupants that were ours. */
  readonly ownIds = new Set<string>();
  private readonly pauses = new Map<Address, number>();
  listeners!: Listeners;

  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
    private readonly sync: Sync,
    private readonly caps: Capabilities,
  ) {}

  get(address: Address): Room | undefined {
    return this.rooms.get(address);
  }

  in(address: Address): boolean {
    return this.rooms.get(address)?.state === "in";
  }

  /** Whether what it says now is for us. */
  hears(address: Address): boolean {
    const room = this.rooms.get(address);
    return room !== undefined && room.state !== "out";
  }

  /** A new session: we are in none of them. */
  restart(): void {
    const all = [...this.rooms.keys()];
    this.rooms.clear();
    this.pauses.clear();
    this.chats.show(...all);
  }

  /** `anew`: it is to be made by this. Otherwise one that is not there is not made by chance. */
  async enter(row: ChatRow, anew = false): Promise<void> {
    const room = newRoom(row.group?.nick ?? this.core.me.name);
    this.rooms.set(row.id, room);
    this.chats.show(row.id);
    setTimeout(() => this.unanswered(row.id, room), PATIENCE);
    // Whether its ids of people can be trusted must be known before anybody speaks.
    const there = await this.describe(row);
    if (!there && !anew) this.end(row.id, room, { text: t("group.gone"), over: false, passing: false });
    else if (this.rooms.get(row.id) === room)
      this.core.tell(muc.enter(row.id, room.nick, row.group?.password, this.caps.element()));
    await room.entered;
    const here = () => this.rooms.get(row.id) === room && room.state === "in";
    await insist(here, () => this.sync.group(row));
    if (here() && this.sync.upToDate(row.id)) await this.listeners.ready(row);
  }

  /** `first`: what is to be done while we are still in it. */
  async leave(address: Address, first?: (affiliation: muc.Affiliation) => Promise<void>): Promise<void> {
    const room = this.rooms.get(address);
    this.rooms.delete(address);
    this.sync.left(address);
    room?.settle();
    if (!room || room.state === "out") return;
    await first?.(room.self?.affiliation ?? "none");
    await this.core.stream.send(muc.leave(address, room.nick));
  }

  /** Name, picture and whether only invited people enter (XEP-0045 section 6.4); false when there is no such group. */
  async describe(row: ChatRow): Promise<boolean> {
    try {
      const found = await info(this.core.stream, row.id);
      const name = cut(found.identities.find((one) => one.category === "conference")?.name ?? "", 100);
      const closed = found.features.has("muc_membersonly") && found.features.has("muc_nonanonymous");
      const picture = found.form.get("muc#roominfo_avatarhash")?.slice(0, 100) ?? "";
      await this.chats.save(row, {
        ...(name && { name }),
        picture: picture && `${row.id}/${picture}`,
        group: {
          ...(row.group ?? { nick: "" }),
          closed,
          circle: found.features.has(N.circle),
          ids: found.features.has(N.occupantId),
          invites: found.form.get("muc#roomconfig_allowinvites") === "1",
        },
      });
      return true;
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      return error.condition !== "item-not-found";
    }
  }

  subject(room: Address, text: string): void {
    const row = this.chats.get(room);
    if (row?.group) void this.chats.save(row, { group: { ...row.group, subject: cut(text, 1000) } });
  }

  /** A presence from a group; false when it is none. */
  presence(stanza: Element): boolean {
    const address = bare(stanza.attrs.from ?? "");
    const room = this.rooms.get(address);
    if (stanza.attrs.type === "error") return room !== undefined && this.refused(address, room, stanza);
    const told = muc.presence(stanza);
    if (!told) return room !== undefined;
    if (!room) return true;
    room.heard = Date.now();
    if (told.gone) room.occupants.delete(told.occupant.nick);
    else present(room, told.occupant);
    if (told.gone && told.newNick && !told.own) present(room, { ...told.occupant, nick: told.newNick });
    if (told.own) this.self(address, room, told);
    else this.redraw(address, room);
    this.member(address, room, told.occupant);
    return true;
  }

  /** A message in which a group speaks of itself; false when it says something else. */
  announced(message: Element): boolean {
    const address = bare(message.attrs.from ?? "");
    const room = this.rooms.get(address);
    const row = this.chats.get(address);
    if (room) room.heard = Date.now();
    const told = room && row && muc.announcement(message);
    if (!told || message.getChild("body") || message.getChild("subject")) return false;
    if (told.people.length > 0) this.member(address, room, ...told.people);
    // Name, picture, or who may enter (XEP-0045 section 10.2.1).
    else this.core.aside(this.describe(row));
    return true;
  }

  /** Whether the list of its members is to be asked for again. */
  private member(group: Address, room: Room, ...people: muc.Occupant[]): void {
    const row = this.chats.get(group);
    const members = row?.group?.members;
    if (room.state !== "in" || !members) return;
    const moved = people.some(({ address, affiliation }) => {
      if (!address || address === this.core.me.address) return false;
      const belongs = affiliation !== "none" && affiliation !== "outcast";
      return belongs !== members.includes(address);
    });
    if (moved) this.count(row, room);
  }

  /** However many come or go meanwhile, they are counted once more. */
  private count(row: ChatRow, room: Room): void {
    if (room.counts) {
      room.counts = "again";
      return;
    }
    room.counts = "now";
    const counted = () => {
      const again = room.counts === "again";
      delete room.counts;
      if (again && this.rooms.get(row.id) === room) this.count(row, room);
    };
    this.core.aside(this.listeners.member(row).finally(counted));
  }

  private redraw(address: Address, room: Room): void {
    if (room.state !== "in") return;
    room.redraw ??= setTimeout(() => {
      delete room.redraw;
      if (this.rooms.get(address) === room) this.chats.show(address);
    }, REDRAW);
  }

  private self(address: Address, room: Room, told: muc.RoomPresence): void {
    const { occupant, codes } = told;
    if (told.gone && codes.has("303")) room.nick = told.newNick ?? room.nick;
    else if (told.gone) this.out(address, room, told);
    else {
      room.self = occupant;
      room.nick = occupant.nick;
      if (occupant.occupantId) this.ownIds.add(`${address} ${occupant.occupantId}`);
      if (room.state !== "in") this.watch(address, room);
      room.state = "in";
      delete room.problem;
      room.settle();
    }
    this.chats.show(address);
  }

  /** It may have forgotten us without a word. */
  private watch(address: Address, room: Room): void {
    if (`.${domain(address)}`.endsWith(`.${this.core.domain}`)) return;
    const due = room.heard + QUIET - Date.now();
    setTimeout(() => this.core.aside(this.look(address, room)), Math.max(SOONEST, due));
  }

  private async look(address: Address, room: Room): Promise<void> {
    const here = () => this.rooms.get(address) === room && room.state === "in";
    if (!here()) return;
    if (this.core.online && Date.now() - room.heard >= QUIET) {
      const inside = await muc.inside(this.core.stream, address, room.nick);
      if (!here()) return;
      if (!inside) return this.forgotten(address);
      room.heard = Date.now();
    }
    this.watch(address, room);
  }

  /** It has not known us for a while: it is entered again. */
  forgotten(address: Address): void {
    const room = this.rooms.get(address);
    if (room?.state !== "in") return;
    this.end(address, room, { text: t("error.unreachable"), over: false, passing: true });
  }

  private out(address: Address, room: Room, told: muc.RoomPresence): void {
    const end = ending(told);
    const row = this.chats.get(address);
    if (row && room.state === "in" && !end.passing) this.core.aside(this.listeners.out(row, end.text));
    this.end(address, room, end);
    if (row && end.over) this.core.aside(this.listeners.over(row, end.text, told.venue));
  }

  private unanswered(address: Address, room: Room): void {
    if (room.state !== "joining" || this.rooms.get(address) !== room) return;
    this.end(address, room, { text: t("error.unreachable"), over: false, passing: true });
  }

  private refused(address: Address, room: Room, stanza: Element): boolean {
    const error = stanzaError(stanza);
    const row = this.chats.get(address);
    if (error.condition === "conflict" && row?.group && room.nick.length < 100) {
      row.group.nick = `${room.nick}_`;
      room.settle();
      this.core.aside(this.enter(row));
      return true;
    }
    this.end(address, room, refusal(error));
    return true;
  }

  private end(address: Address, room: Room, { text, passing }: Ending): void {
    room.state = "out";
    room.problem = text;
    room.occupants.clear();
    this.sync.left(address);
    room.settle();
    this.chats.show(address);
    if (passing) this.again(address, room);
  }

  /** It comes back, and so do we; ever later, so that one which throws everybody out is not stormed. */
  private again(address: Address, room: Room): void {
    const pause = this.pauses.get(address) ?? FIRST_PAUSE;
    this.pauses.set(address, Math.min(LONGEST_PAUSE, pause * 2));
    setTimeout(() => {
      const row = this.chats.get(address);
      if (row && this.core.online && this.rooms.get(address) === room) this.core.aside(this.enter(row));
    }, pause);
  }
}
