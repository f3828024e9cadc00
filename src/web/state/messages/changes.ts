import type { Payload } from "../../proto/said.ts";
import type { Change, MessageRow } from "../../store/records.ts";
import { content } from "./content.ts";

interface Speaker {
  from: string;
  who: string;
}

/** How a message came that says something of another one. */
interface Way {
  at: number;
  /** From the room itself, and from nobody in it. */
  fromRoom: boolean;
  encrypted: boolean;
  /** It names this person. */
  mention: boolean;
}

/** What a message says of another one, and of which. */
export function changeOf(
  payload: Payload,
  { from, who }: Speaker,
  { at, fromRoom, encrypted, mention }: Way,
): { refs: string; change: Change } | undefined {
  const { replaces, retracts, reacts } = payload;
  if (retracts) {
    // Only the room itself can say that somebody else's words are taken away (XEP-0425 section 4).
    if (retracts.moderator && !fromRoom) return undefined;
    return { refs: retracts.ref, change: { kind: "retract", from, moderator: retracts.moderator, at } };
  }
  if (reacts) return { refs: reacts.ref, change: { kind: "react", from, who, emojis: reacts.emojis, at } };
  if (replaces === undefined || (payload.body === undefined && !payload.file)) return undefined;
  const { kind, text, attachment } = content(payload);
  const file = attachment && { file: { kind, attachment } };
  return { refs: replaces, change: { kind: "edit", from, at, encrypted, text, mention, ...file } };
}

/** The names under which others speak of a message. */
export const refsOf = ({ mid, stanzaId }: MessageRow): string[] => [
  ...new Set([mid, stanzaId].filter((ref) => ref !== undefined)),
];

/** Carries out what was said of a message; false when it is not for its sender to say, or no news. */
export function apply(row: MessageRow, change: Change): boolean {
  if (row.removed) return false;
  switch (change.kind) {
    case "edit":
      if (change.from !== row.from || row.retracted || row.kind === "notice") return false;
      // What was encrypted is not changed by words in the open.
      if (row.encrypted && !change.encrypted) return false;
      if (change.at < (row.editedAt ?? 0)) return false;
      // What the new words do not speak of stays: what it answers, and its file.
      Object.assign(row, change.file);
      Object.assign(row, { text: change.text, mention: change.mention, edited: true, editedAt: change.at });
      return true;
    case "retract":
      if ((change.from !== row.from && !change.moderator) || row.retracted) return false;
      row.retracted = true;
      if (change.moderator) row.moderated = true;
      row.text = "";
      delete row.attachment;
      delete row.quote;
      row.reactions = {};
      return true;
    case "react":
      if ((row.reactions[change.from]?.at ?? 0) > change.at || row.retracted) return false;
      // When they were taken back stays known: older pages of an archive bring back what was felt before.
      row.reactions[change.from] = { who: change.who, emojis: change.emojis, at: change.at };
      return true;
  }
}
