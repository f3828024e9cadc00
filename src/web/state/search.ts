import type { MessageRow } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Address, Found } from "./model.ts";

const LIMIT = 200;
const AROUND = 60;

/** Messages that hold every word, newest first. Letters of one kind are one: "Ärger" is found by "arger". */
export async function search(store: Store, text: string, chat?: Address): Promise<Found[]> {
  const words = folded(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found: Found[] = [];
  await store.scan(chat, (row) => {
    const hit = match(row, words);
    if (hit !== undefined)
      found.push({ chat: row.chat, message: row.id, at: row.at, who: row.who, text: hit });
    return found.length < LIMIT;
  });
  return found;
}

function match(row: MessageRow, words: readonly string[]): string | undefined {
  if (row.kind === "notice" || row.retracted) return undefined;
  const text = row.attachment ? `${row.text} ${row.attachment.name}` : row.text;
  const plain = folded(text);
  if (!words.every((word) => plain.includes(word))) return undefined;
  const at = plain.indexOf(words[0]!);
  const start = Math.max(0, at - AROUND);
  return (
    (start > 0 ? "…" : "") + text.slice(start, at + AROUND * 2) + (at + AROUND * 2 < text.length ? "…" : "")
  );
}

const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
