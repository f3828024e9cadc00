import { t } from "../i18n/index.ts";
import { bare } from "../xmpp/jid.ts";
import { StanzaError, stanzaError } from "../xmpp/errors.ts";
import type { Element } from "../xmpp/xml.ts";
import { info, type Capabilities } from "../proto/disco.ts";
import * as muc from "../proto/muc.ts";
import { N } from "../proto/ns.ts";
import type { ChatRow } from "../store/records.ts";
import type { Chats } from "./chats.ts";
import type { Core } from "./core.ts";
import type { Address, GroupState } from "./model.ts";
import { conditionText } from "./outbox.ts";
import type { Sync } from "./sync.ts";

/** What is known of a group while we are in it; nothing of it is kept. */
export interface Room {
  state: "joining" | "in" | "out";
  problem?: string;
  nick: string;
  self?: muc.Occupant;
  occupants: Map<string, muc.Occupant>;
  /** Resolves when it is known whether we are in. */
  entered: Promise<void>;
  settle: () => void;
}

/** Being in groups: going in and out, and who is there (XEP-0045 section 7). */
export class Rooms {
  private readonly rooms = new Map<Address, Room>();
  /** Ids of occupants that were ours. */
  readonly ownIds = new Set<string>();
  /** Told when a group has been entered and read. */
  onReady: (row: ChatRow) => Promise<void> = () => Promise.resolve();
  /** Told when somebody has come to belong to a group, or does no longer. */
  onMember: (row: ChatRow) => Promise<void> = () => Promise.resolve();

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
      ...(row.request && row.group?.inviter && { inviter: row.group.inviter }),
      ...(row.group?.subject && { subject: row.group.subject }),
    };
  }

  subject(room: Address, text: string): void {
    const row = this.chats.get(room);
    if (row?.group) void this.chats.save(row, { group: { ...row.group, subject: text.slice(0, 1000) } });
  }

  /** A new session: we are in none of them. */
  restart(): void {
    const all = [...this.rooms.keys()];
    this.rooms.clear();
    this.chats.show(...all);
  }

  async enter(row: ChatRow): Promise<void> {
    const nick = row.group?.nick ?? this.core.me.name;
    let settle!: () => void;
    const entered = new Promise<void>((resolve) => (settle = resolve));
    const room: Room = { state: "joining", nick, occupants: new Map(), entered, settle };
    this.rooms.set(row.id, room);
    this.chats.show(row.id);
    setTimeout(() => this.unanswered(row.id, room), 30_000);
    // Whether its ids of people can be trusted must be known before anybody speaks.
    await this.describe(row);
    this.core.tell(muc.enter(row.id, nick, row.group?.password, this.caps.element()));
    await entered;
    if (this.rooms.get(row.id) !== room || room.state !== "in") return;
    await this.sync.group(row);
    await this.onReady(row);
  }

  async leave(address: Address): Promise<void> {
    const room = this.rooms.get(address);
    this.rooms.delete(address);
    if (room && room.state !== "out") await this.core.stream.send(muc.leave(address, room.nick));
  }

  private unanswered(address: Address, room: Room): void {
    if (room.state !== "joining" || this.rooms.get(address) !== room) return;
    room.state = "out";
    room.problem = t("error.unreachable");
    room.settle();
    this.chats.show(address);
  }

  /** Name, picture and whether only invited people enter (XEP-0045 section 6.4). */
  async describe(row: ChatRow): Promise<void> {
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
    this.member(address, room, told.occupant);
    this.chats.show(address);
    return true;
  }

  private member(group: Address, room: Room, { address, affiliation }: muc.Occupant): void {
    const row = this.chats.get(group);
    if (room.state !== "in" || !address || address === this.core.me.address || !row?.group?.members) return;
    const belongs = affiliation !== "none" && affiliation !== "outcast";
    if (belongs !== row.group.members.includes(address)) this.core.aside(this.onMember(row));
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
      room.settle();
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
    room.settle();
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
      room.settle();
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
    room.settle();
    this.chats.show(address);
    return true;
  }

  /** A group may say that its name, picture or rules are others now: they are read anew. */
  changed(message: Element): void {
    const row = this.chats.get(message.attrs.from ?? "");
    if (row && this.rooms.has(row.id) && muc.reconfigured(message)) this.core.aside(this.describe(row));
  }
}
