import { cut } from "../../i18n/letters.ts";
import { bare, resource } from "../../xmpp/jid.ts";
import type { Payload, Said } from "../../proto/said.ts";
import type { Speaker } from "../messages/surroundings.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Address } from "../model.ts";
import type { Rooms } from "./rooms.ts";

/** Authors of messages, over all groups. */
const REMEMBERED = 5000;

/** Who is behind the nicks of a group, and whom its words name. */
export class Speakers {
  nameOf!: (address: Address) => string;
  mentionable!: (room: Address) => ReadonlyMap<string, string>;

  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
    private readonly rooms: Rooms,
  ) {}

  /** Who speaks: by the room's id of them where it gives one that cannot be forged, else by the nick of the moment. */
  speaker(room: Address, said: Said): Speaker {
    const nick = resource(said.from);
    const known = this.rooms.get(room);
    const id = this.chats.get(room)?.group?.ids ? said.occupantId : undefined;
    const own = id ? this.rooms.ownIds.has(`${room} ${id}`) : nick !== "" && nick === known?.nick;
    if (own) return { from: this.core.me.address, who: this.core.me.name, own };
    const address = this.addressOf(room, said);
    return {
      from: id ? `${room} ${id}` : `${room}/${nick}`,
      who: (address && this.nameOf(address)) || cut(nick, 100),
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
    const [oldest] = this.authors.size > REMEMBERED ? this.authors.keys() : [];
    if (oldest !== undefined) this.authors.delete(oldest);
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

  /** `xmpp:` addresses of those whom a text names with an `@`; the longer name counts. */
  mentioned(room: Address, text: string): string[] {
    if (!text.includes("@")) return [];
    const all = new Map([...this.mentionable(room)].map(([name, address]) => [name.toLowerCase(), address]));
    const names = [...all.keys()].sort((a, b) => b.length - a.length).map(escaped);
    if (!names.length) return [];
    const calls = text.matchAll(new RegExp(`@(${names.join("|")})(?![\\p{L}\\p{N}])`, "giu"));
    const named = [...calls].flatMap(([, name]) => all.get(name!.toLowerCase()) ?? []);
    return [...new Set(named)].map((address) => `xmpp:${address}`);
  }
}

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}_-]+/gu) ?? [];

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
