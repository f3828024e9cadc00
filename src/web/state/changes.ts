import type { Payload } from "../proto/said.ts";
import type { Change, MessageRow } from "../store/records.ts";

interface Speaker {
  from: string;
  who: string;
}

/** What a message says of another one, and of which. */
export function changeOf(
  payload: Payload,
  { from, who }: Speaker,
  at: number,
  fromRoom: boolean,
  encrypted: boolean,
): { refs: string; change: Change } | undefined {
  const { replaces, retracts, reacts } = payload;
  if (retracts) {
    // Only the room itself can say that somebody else's words are taken away (XEP-0425 section 4).
    if (retracts.moderator && !fromRoom) return undefined;
    return { refs: retracts.ref, change: { kind: "retract", from, moderator: retracts.moderator, at } };
  }
  if (reacts) return { refs: reacts.ref, change: { kind: "react", from, who, emojis: reacts.emojis, at } };
  if (replaces !== undefined && payload.body !== undefined)
    return { refs: replaces, change: { kind: "edit", from, text: payload.body, at, encrypted } };
  return undefined;
}

/** The names under which others speak of a message. */
export const refsOf = ({ mid, stanzaId }: MessageRow): string[] => [
  ...new Set([mid, stanzaId].filter((ref) => ref !== undefined)),
];

/** Carries out what was said of a message; false when it is not for its sender to say, or no news. */
export function apply(row: MessageRow, change: Change): boolean {
  switch (change.kind) {
    case "edit":
      if (change.from !== row.from || row.retracted || row.kind === "notice") return false;
      // What was encrypted is not changed by words in the open.
      if (row.encrypted && !change.encrypted) return false;
      row.text = change.text;
      row.edited = true;
      return true;
    case "retract":
      if ((change.from !== row.from && !change.moderator) || row.retracted) return false;
      row.retracted = true;
      row.text = "";
      delete row.attachment;
      delete row.quote;
      row.reactions = {};
      return true;
    case "react":
      if ((row.reactions[change.from]?.at ?? 0) > change.at || row.retracted) return false;
      if (change.emojis.length > 0)
        row.reactions[change.from] = { who: change.who, emojis: change.emojis, at: change.at };
      else delete row.reactions[change.from];
      return true;
  }
}
