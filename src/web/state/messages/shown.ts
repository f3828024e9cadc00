import { t } from "../../i18n/index.ts";
import type { MessageRow } from "../../store/records.ts";
import type { Message, MessageKind, Quote, Reaction } from "../model.ts";

/** A message as it is kept, as the pages draw it. */
export function shown(row: MessageRow, self: string): Message {
  const { id, chat, at, seq, own, from, who, kind, text, edited, retracted, encrypted, mention } = row;
  return {
    id,
    chat,
    at,
    seq,
    own,
    from,
    who,
    kind,
    text,
    edited,
    retracted,
    encrypted,
    mention,
    reactions: retracted ? [] : reactions(row.reactions, self),
    ...(row.moderated && { moderated: true }),
    ...(row.attachment && !retracted && { attachment: row.attachment }),
    ...(row.quote && !retracted && { quote: quote(row.quote) }),
    ...(row.state && { state: row.state }),
    ...(row.problem && { problem: row.problem }),
  };
}

/** Without the names that only the protocol knows. */
function quote({ ref: _ref, to: _to, secret: _secret, ...drawn }: NonNullable<MessageRow["quote"]>): Quote {
  return drawn;
}

function reactions(by: MessageRow["reactions"], self: string): Reaction[] {
  const found = new Map<string, Reaction>();
  for (const [from, { who, emojis }] of Object.entries(by).sort(([, a], [, b]) => a.at - b.at))
    for (const emoji of emojis) {
      const reaction = found.get(emoji) ?? { emoji, who: [], own: false };
      found.set(emoji, reaction);
      if (from === self) {
        reaction.own = true;
        reaction.who.unshift(t("who.you"));
      } else reaction.who.push(who);
    }
  return [...found.values()];
}

/** How to draw a file, by what its media type says. */
export function kindOf(type: string, voice: boolean): MessageKind {
  if (voice) return "voice";
  if (/^image\/(jpeg|png|gif|webp|avif)$/i.test(type)) return "photo";
  if (/^video\/(mp4|webm|quicktime)$/i.test(type)) return "video";
  return /^audio\//i.test(type) ? "audio" : "file";
}
