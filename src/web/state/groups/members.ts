import { bare, local } from "../../xmpp/jid.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import * as muc from "../../proto/muc.ts";
import type { ChatRow } from "../../store/records.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Address, Member } from "../model.ts";
import type { Rooms } from "./rooms.ts";

const LISTED = ["owner", "admin", "member"] as const;
/** Of each list of a group; what is longer is nothing that a person reads. */
const MOST = 1000;

/** Who belongs to a group: those who are there now, and those on its lists. */
export class Members {
  nameOf!: (address: Address) => string;
  ownName!: (address: Address) => string;

  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
    private readonly rooms: Rooms,
  ) {}

  /** Who is in a closed group, for the line under its name; who has come and gone since this was known. */
  async count(row: ChatRow): Promise<{ came: Address[]; went: Address[] }> {
    const none = { came: [], went: [] };
    if (!row.group?.closed) return none;
    const lists = await this.lists(row.id);
    const here = this.here(row.id).flatMap((one) => (one.affiliation !== "outcast" && one.address) || []);
    const listed = lists.flatMap((list) => list?.map((one) => one.address) ?? []);
    const all = [...new Set([...listed, ...here])].filter((one) => one !== this.core.me.address);
    const people = all.map((one) => this.nameOf(one)).sort((a, b) => a.localeCompare(b));
    const before = row.group.members;
    const { members: _, ...group } = row.group;
    // A list that is kept secret leaves open who belongs to it.
    const known = lists.every((list) => list !== undefined);
    await this.chats.save(row, { group: { ...group, people, ...(known && { members: all }) } });
    if (!known || !before) return none;
    return {
      came: all.filter((one) => !before.includes(one)),
      went: before.filter((one) => !all.includes(one)),
    };
  }

  async of(address: Address): Promise<Member[]> {
    const here = this.here(address);
    const seen = new Set(here.flatMap((one) => one.address ?? []));
    const lists = await this.lists(address);
    return [...here, ...lists.flatMap((list) => list ?? []).filter((one) => !seen.has(one.address))];
  }

  /** Addresses of everybody who may read what is said in a closed group. */
  async readers(address: Address): Promise<Address[]> {
    const here = this.here(address).flatMap((one) => one.address ?? []);
    // Whoever is left out could never read it: without all lists nothing is written.
    const lists = await Promise.all(LISTED.map((one) => muc.affiliated(this.core.stream, address, one)));
    return [...new Set([...here, ...lists.flat().map((one) => bare(one.address))])];
  }

  private here(address: Address): Member[] {
    const room = this.rooms.get(address);
    return [...(room?.occupants.values() ?? [])].map((one) => ({
      nick: one.nick,
      name: this.calledThere(one.nick, one.address),
      affiliation: one.affiliation,
      role: one.role,
      here: true,
      own: one.nick === room?.nick || one.address === this.core.me.address,
      ...(one.address && { address: one.address }),
    }));
  }

  /** Undefined in place of a list that the group does not show. */
  private lists(room: Address): Promise<((Member & { address: Address })[] | undefined)[]> {
    return Promise.all(
      LISTED.map(async (affiliation) => {
        try {
          const list = await muc.affiliated(this.core.stream, room, affiliation);
          return list.slice(0, MOST).map((one) => this.absent(one, affiliation));
        } catch (error) {
          if (error instanceof StanzaError) return undefined;
          throw error;
        }
      }),
    );
  }

  private absent(
    { address, nick }: { address: string; nick?: string },
    affiliation: Member["affiliation"],
  ): Member & { address: Address } {
    const whole = bare(address);
    const own = whole === this.core.me.address;
    return {
      address: whole,
      nick: nick ?? this.nameOf(whole),
      name: this.calledThere(nick, whole),
      affiliation,
      role: "none",
      here: false,
      own,
    };
  }

  /** Whom words in a group can name, by what they are called there: addresses where it shows them. */
  mentionable(room: Address): Map<string, string> {
    const row = this.chats.get(room);
    const listed = (row?.group?.members ?? []).map((one) => [this.calledThere(undefined, one), one] as const);
    const here = this.here(room).flatMap(
      ({ nick, name, address = `${room}/${nick}` }) =>
        [
          [nick, address],
          [name, address],
        ] as const,
    );
    return new Map([...listed, ...here]);
  }

  /** Their nick, where they chose one: the box takes the beginning of the address. */
  private calledThere(nick: string | undefined, address: Address | undefined): string {
    const chosen = nick && address && nick.toLowerCase() === local(address) ? undefined : nick;
    return chosen || (address ? this.ownName(address) : "");
  }
}
