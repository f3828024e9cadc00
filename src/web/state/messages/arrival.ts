import { bare, resource } from "../../xmpp/jid.ts";
import type { Element } from "../../xmpp/xml.ts";
import type { Said } from "../../proto/said.ts";
import type { Parts, Speaker } from "./surroundings.ts";

/** A message as it came. */
export interface Incoming {
  message: Element;
  /** Its id in the archive that is read, and when that got it. */
  archived?: { id: string; at: number };
  /** A copy of what another own device sent or got (XEP-0280). */
  copied: boolean;
  /** From a page that somebody scrolled to: no news. */
  old?: boolean;
}

/** A message of a conversation, with what is known of it before its words are read. */
export interface Arrival {
  said: Said;
  chat: string;
  speaker: Speaker;
  group: boolean;
  /** It came now, and was not read from an archive. */
  live: boolean;
  old: boolean;
  copied: boolean;
  at: number;
  mid: string | undefined;
  stanzaId: string | undefined;
}

/** What has come, with where it belongs and who says it; nothing for what is of no conversation that we are in. */
export function arrivalOf(
  parts: Parts,
  { archived, copied, old }: Incoming,
  said: Said,
): Arrival | undefined {
  const { core, around } = parts;
  const from = bare(said.from || core.me.address);
  const sent = from === core.me.address;
  const chat = chatOf(parts, said, sent);
  if (!chat) return undefined;
  if (said.type === "groupchat" && !archived && !around.hears(chat)) return undefined;
  const group = said.type === "groupchat";
  const stanzaId = archived?.id ?? said.stanzaIds.get(group ? chat : core.me.address);
  const late = group && said.delay?.by === chat ? said.delay.at : undefined;
  const name = chat.includes("/") ? resource(chat) : around.nameOf(from);
  return {
    said,
    chat,
    group,
    copied,
    speaker: group ? around.speaker(chat, said) : { from, own: sent, who: sent ? core.me.name : name },
    live: archived === undefined,
    // A room may say anything of what is its own; nothing was said in times to come.
    at: Math.min(archived?.at ?? late ?? core.timeOf(stanzaId), core.now()),
    old: old === true,
    mid: said.mid ?? said.originId,
    stanzaId,
  };
}

/** The conversation that a message belongs to. */
function chatOf({ core, chats }: Parts, said: Said, sent: boolean): string | undefined {
  const other = sent ? said.to : said.from;
  if (said.type === "headline" || !other) return undefined;
  const address = bare(other);
  if (said.type === "groupchat") return chats.isGroup(bare(said.from)) ? bare(said.from) : undefined;
  // Words between two in a group stay apart from the group. That it is one, nobody says of himself.
  if (chats.isGroup(address) && resource(other) && !said.invitation) return `${address}/${resource(other)}`;
  return sent && address === core.me.address ? undefined : address;
}
