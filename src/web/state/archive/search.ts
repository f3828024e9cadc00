import { fold, folded, wordsOf } from "../../i18n/fold.ts";
import type { MessageRow } from "../../store/records.ts";
import type { Store } from "../../store/store.ts";
import type { Address, Found } from "../model.ts";

const LIMIT = 200;
const AROUND = 60;

/** Messages that hold every word, newest first. */
export async function search(store: Store, text: string, chat?: Address): Promise<Found[]> {
  const hit = finder(text);
  const found: Found[] = [];
  await store.scan(chat, (row) => {
    const one = hit?.(row);
    if (one) found.push(one);
    return hit !== undefined && found.length < LIMIT;
  });
  return found;
}

/** Tells of a message whether it is one of those that are looked for; undefined: nothing is. */
export function finder(text: string): ((row: MessageRow) => Found | undefined) | undefined {
  const words = wordsOf(text);
  if (words.length === 0) return undefined;
  return (row) => {
    if (row.kind === "notice" || row.retracted || row.removed) return undefined;
    const said = row.attachment ? `${row.text} ${row.attachment.name}` : row.text;
    const plain = fold(said);
    if (!words.every((word) => plain.includes(word))) return undefined;
    return {
      chat: row.chat,
      message: row.id,
      at: row.at,
      who: row.who,
      own: row.own,
      text: around(said, words[0]!),
    };
  };
}

/** A long text near the word. */
function around(text: string, word: string): string {
  const { plain, from } = folded(text);
  const at = from[Math.max(0, plain.indexOf(word))]!;
  const [start, end] = [Math.max(0, at - AROUND), at + AROUND * 2];
  return (start > 0 ? "…" : "") + text.slice(start, end) + (end < text.length ? "…" : "");
}
