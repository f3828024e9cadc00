import type { MessageRow, Place } from "../../store/records.ts";
import type { Core } from "../core/core.ts";
import type { Work } from "../core/work.ts";

/** So many are said in one moment at most: photos that were chosen together, messages that are sent on. */
const BURST = 30;

/**
 * One's own words that were said after a message, and would stand before it now that the archive has told its place: moved
 * behind it, until the archive tells theirs.
 */
export async function overtaken(
  core: Core,
  work: Work,
  before: MessageRow,
  now: MessageRow,
): Promise<MessageRow[]> {
  if (now.at <= before.at) return [];
  const kept = await core.store.stretch(now.chat, before, "newer", BURST);
  const rows = new Map([...kept, ...work.messages.values()].map((row) => [row.id, row]));
  return [...rows.values()]
    .filter((row) => row.chat === now.chat && row.id !== now.id && row.own && row.stanzaId === undefined)
    .filter((row) => later(row, before) && row.at <= now.at)
    .sort((a, b) => (later(a, b) ? 1 : -1))
    .map((row) => ({ ...row, at: now.at, seq: core.order() }));
}

const later = (one: Place, other: Place): boolean =>
  one.at > other.at || (one.at === other.at && one.seq > other.seq);
