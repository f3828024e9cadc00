import { bare } from "../xmpp/jid.ts";
import { StanzaError } from "../xmpp/errors.ts";
import * as muc from "../proto/muc.ts";
import type { ChatRow } from "../store/records.ts";
import type { Chats } from "./chats.ts";
import type { Core } from "./core.ts";
import type { Address, Member } from "./model.ts";
import type { Rooms } from "./rooms.ts";

const LISTED = ["owner", "admin", "member"] as const;

/** Who belongs to a group: those who are there now, and those on its lists. */
export class Members {
  nameOf!: (address: Address) => string;

  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
    private readonly rooms: Rooms,
  ) {}

  /** Who is in it, for the line under its name. */
  async count(row: ChatRow): Promise<void> {
    const members = (await this.of(row.id)).filter((one) => !one.own && one.affiliation !== "outcast");
    const people = members
      .map(({ address, nick }) => (address ? this.nameOf(address) : nick))
      .sort((a, b) => a.localeCompare(b));
    const addresses = members.flatMap((one) => (one.affiliation !== "none" && one.address) || []);
    if (row.group)
      await this.chats.save(row, { group: { ...row.group, people, members: [...new Set(addresses)] } });
  }

  async of(address: Address): Promise<Member[]> {
    const room = this.rooms.get(address);
    const here: Member[] = [...(room?.occupants.values() ?? [])].map((one) => ({
      nick: one.nick,
      affiliation: one.affiliation,
      role: one.role,
      here: true,
      own: one.nick === room?.nick || one.address === this.core.me.address,
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
}
