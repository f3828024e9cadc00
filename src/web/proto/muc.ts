import { bare, valid } from "../xmpp/jid.ts";
import { unreached } from "../xmpp/away.ts";
import { StanzaError } from "../xmpp/errors.ts";
import { NS } from "../xmpp/ns.ts";
import { x, type Element } from "../xmpp/xml.ts";
import type { Asker } from "./asker.ts";
import { form } from "./forms.ts";
import { N } from "./ns.ts";
import { LONGEST_ID } from "./said.ts";

export type Affiliation = "owner" | "admin" | "member" | "none" | "outcast";
export type Role = "moderator" | "participant" | "visitor" | "none";

export interface Occupant {
  nick: string;
  affiliation: Affiliation;
  role: Role;
  /** Bare address, where the room shows it. */
  address?: string;
  occupantId?: string;
}

/** A presence from a room (XEP-0045 section 7). */
export interface RoomPresence {
  room: string;
  occupant: Occupant;
  own: boolean;
  gone: boolean;
  /** Status codes (XEP-0045 section 15.6.2). */
  codes: Set<string>;
  /** The new nick, when `gone` only changes it (303). */
  newNick?: string;
  reason?: string;
  /** Nick or address of who did it. */
  by?: string;
  destroyed: boolean;
  /** Where a destroyed room goes on (XEP-0045 section 10.9). */
  venue?: string;
}

/** What others say of why and who is cut here. */
const LONGEST = 200;

/** Enters without history: it comes from the room's archive. */
export const enter = (room: string, nick: string, password: string | undefined, caps: Element): Element =>
  x(
    "presence",
    { to: `${room}/${nick}` },
    x(
      "x",
      { xmlns: N.muc },
      x("history", { maxstanzas: 0 }),
      password !== undefined && x("password", {}, password),
    ),
    caps,
  );

/** Whether we are in it (XEP-0410 section 3); also where that cannot be told now. */
export async function inside(stream: Asker, room: string, nick: string): Promise<boolean> {
  try {
    await stream.request(x("iq", { type: "get", to: `${room}/${nick}` }, x("ping", { xmlns: NS.ping })));
    return true;
  } catch (error) {
    if (!(error instanceof StanzaError)) throw error;
    return unreached(error) || OTHERS.has(error.condition);
  }
}

/** Answers of one's own other session in it. */
const OTHERS = new Set(["service-unavailable", "feature-not-implemented", "item-not-found"]);

export const leave = (room: string, nick: string): Element =>
  x("presence", { to: `${room}/${nick}`, type: "unavailable" });

export function presence(stanza: Element): RoomPresence | undefined {
  const user = stanza.getChild("x", N.mucUser);
  const item = user?.getChild("item");
  const [room, nick] = split(stanza.attrs.from ?? "");
  if (!user || !room) return undefined;
  const codes = codesOf(user);
  const occupantId = stanza.getChild("occupant-id", N.occupantId)?.attrs.id;
  const destroy = user.getChild("destroy");
  const reason = (item?.getChildText("reason") ?? destroy?.getChildText("reason"))?.slice(0, LONGEST);
  const actor = item?.getChild("actor")?.attrs;
  const by = (actor?.nick ?? actor?.jid)?.slice(0, LONGEST);
  const venue = destroy?.attrs.jid && bare(destroy.attrs.jid);
  return {
    room,
    codes,
    own: codes.has("110"),
    gone: stanza.attrs.type === "unavailable",
    destroyed: destroy !== undefined,
    occupant: {
      nick,
      affiliation: (item?.attrs.affiliation ?? "none") as Affiliation,
      role: (item?.attrs.role ?? "none") as Role,
      ...(item?.attrs.jid && { address: split(item.attrs.jid)[0] }),
      ...(occupantId && occupantId.length <= LONGEST_ID && { occupantId }),
    },
    ...(item?.attrs.nick && { newNick: item.attrs.nick }),
    ...(reason && { reason }),
    ...(by && { by }),
    ...(venue && valid(venue) && { venue }),
  };
}

/**
 * What a room itself says of people who are not there (XEP-0045 section 9; a whole circle's at once), and that its
 * configuration changed (section 10.2.1, the codes); undefined for any other message.
 */
export function announcement(message: Element): { codes: Set<string>; people: Occupant[] } | undefined {
  const user = message.getChild("x", N.mucUser);
  const from = message.attrs.from ?? "";
  if (!user || from.includes("/") || user.getChild("invite") || user.getChild("decline")) return undefined;
  return { codes: codesOf(user), people: user.getChildren("item").flatMap(absent) };
}

function absent({ attrs }: Element): Occupant[] {
  if (!attrs.jid) return [];
  const affiliation = (attrs.affiliation ?? "none") as Affiliation;
  return [{ nick: attrs.nick ?? "", affiliation, role: "none", address: bare(attrs.jid) }];
}

const codesOf = (user: Element): Set<string> =>
  new Set(user.getChildren("status").flatMap((status) => status.attrs.code ?? []));

/** Those with an affiliation, who are in the room or not (XEP-0045 section 9.5). */
export async function affiliated(
  stream: Asker,
  room: string,
  affiliation: Affiliation,
): Promise<{ address: string; nick?: string }[]> {
  const iq = x(
    "iq",
    { type: "get", to: room },
    x("query", { xmlns: N.mucAdmin }, x("item", { affiliation })),
  );
  const query = (await stream.request(iq)).getChild("query", N.mucAdmin);
  return (query?.getChildren("item") ?? []).flatMap(({ attrs }) =>
    attrs.jid ? [{ address: attrs.jid, ...(attrs.nick && { nick: attrs.nick }) }] : [],
  );
}

export async function affiliate(
  stream: Asker,
  room: string,
  address: string,
  affiliation: Affiliation,
): Promise<void> {
  const item = x("item", { jid: address, affiliation });
  await stream.request(x("iq", { type: "set", to: room }, x("query", { xmlns: N.mucAdmin }, item)));
}

/** Gives up one's own place in a room: a member's as it was registered (XEP-0045 section 7.10), an owner's as owners may. */
export async function resign(stream: Asker, room: string, affiliation: Affiliation): Promise<void> {
  if (affiliation === "owner") return affiliate(stream, room, bare(stream.address), "none");
  const query = x("query", { xmlns: N.register }, x("remove"));
  await stream.request(x("iq", { type: "set", to: room }, query));
}

/** Whole configuration of a new room, or a change of it (XEP-0045 section 10.2). */
export async function configure(stream: Asker, room: string, values: Record<string, string>): Promise<void> {
  const query = x("query", { xmlns: N.mucOwner }, form("http://jabber.org/protocol/muc#roomconfig", values));
  await stream.request(x("iq", { type: "set", to: room }, query));
}

/** A group of invited people who see each other: what encryption needs (XEP-0384 section 5.7). */
export const closedRoom = (name: string): Record<string, string> => ({
  "muc#roomconfig_roomname": name,
  "muc#roomconfig_persistentroom": "1",
  "muc#roomconfig_membersonly": "1",
  "muc#roomconfig_publicroom": "0",
  "muc#roomconfig_whois": "anyone",
  "muc#roomconfig_allowinvites": "1",
});

/**
 * Passes an invitation to somebody directly (XEP-0249): who is away finds it in the archive. `encrypted`: what is said there
 * is so (XEP-0380), and who comes in is to keep it so from the first word.
 */
export function invite(to: string, room: string, encrypted: boolean): Element {
  const message = x("message", { to, type: "normal" }, x("x", { xmlns: N.conference, jid: room }));
  if (encrypted) message.append(x("encryption", { xmlns: N.encryption, namespace: N.omemo }));
  message.append(x("store", { xmlns: N.hints }));
  return message;
}

/** Lets the room ask somebody in, which makes them a member (XEP-0045 section 7.8.2). */
export const mediated = (room: string, person: string): Element =>
  x("message", { to: room }, x("x", { xmlns: N.mucUser }, x("invite", { to: person })));

/** Says no to an invitation that the room passed on (XEP-0045 section 7.8.2). */
export const decline = (room: string, inviter: string): Element =>
  x("message", { to: room }, x("x", { xmlns: N.mucUser }, x("decline", { to: inviter })));

export const subject = (room: string, text: string): Element =>
  x("message", { to: room, type: "groupchat" }, x("subject", {}, text));

/** Takes somebody's message out of the room (XEP-0425). */
export async function moderate(stream: Asker, room: string, stanzaId: string): Promise<void> {
  const ask = x("moderate", { xmlns: N.moderate, id: stanzaId }, x("retract", { xmlns: N.retract }));
  await stream.request(x("iq", { type: "set", to: room }, ask));
}

export interface FoundRoom {
  address: string;
  name: string;
  about: string;
  people: number;
}

/** Rooms that want to be found, by a word (XEP-0433). */
export async function search(stream: Asker, service: string, words: string): Promise<FoundRoom[]> {
  const query = x(
    "search",
    { xmlns: N.search },
    x("set", { xmlns: N.rsm }, x("max", {}, "50")),
    form("urn:xmpp:channel-search:0:search-params", {
      q: words || undefined,
      all: words === "" ? "true" : undefined,
      sinname: "true",
      sindescription: "true",
      key: "{urn:xmpp:channel-search:0:order}nusers",
    }),
  );
  const result = (await stream.request(x("iq", { type: "get", to: service }, query))).getChild(
    "result",
    N.search,
  );
  return (result?.getChildren("item") ?? []).flatMap((item) =>
    item.attrs.address
      ? [
          {
            address: item.attrs.address,
            name: item.getChildText("name") ?? "",
            about: item.getChildText("description") ?? "",
            people: Number(item.getChildText("nusers")) || 0,
          },
        ]
      : [],
  );
}

/** Public rooms of a service that knows no search: their list (XEP-0045 section 6.3). */
export async function list(stream: Asker, service: string): Promise<FoundRoom[]> {
  const result = await stream.request(
    x("iq", { type: "get", to: service }, x("query", { xmlns: N.discoItems })),
  );
  return (result.getChild("query", N.discoItems)?.getChildren("item") ?? []).flatMap(({ attrs }) =>
    attrs.jid ? [{ address: attrs.jid, name: attrs.name ?? attrs.jid, about: "", people: 0 }] : [],
  );
}

function split(address: string): [string, string] {
  const slash = address.indexOf("/");
  return slash < 0 ? [address, ""] : [address.slice(0, slash), address.slice(slash + 1)];
}
