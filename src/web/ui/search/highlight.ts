import { folded, wordsOf } from "../../i18n/fold.ts";
import { cut } from "../../i18n/letters.ts";

/** A stretch of a text; `hit`: one of the words that were looked for. */
export interface Piece {
  text: string;
  hit: boolean;
}

function hits(text: string, query: string): [number, number][] {
  const { plain, from } = folded(text);
  const found: [number, number][] = [];
  for (const word of wordsOf(query).sort((a, b) => b.length - a.length))
    for (let at = plain.indexOf(word); at >= 0; at = plain.indexOf(word, at + word.length)) {
      const start = from[at]!;
      let end = from[at + word.length]!;
      // An accent of its own belongs to the letter before it.
      while (end < text.length && /\p{M}/u.test(text[end]!)) end++;
      if (!found.some(([a, b]) => start < b && a < end)) found.push([start, end]);
    }
  return found.sort((a, b) => a[0] - b[0]);
}

/** A text in pieces, so that the hits can be marked. */
export function marked(text: string, query: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const [start, end] of hits(text, query)) {
    if (start > at) pieces.push({ text: text.slice(at, start), hit: false });
    pieces.push({ text: text.slice(start, end), hit: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), hit: false });
  return pieces;
}

/** A long text cut so that its first hit is in view, at the ends of words; line breaks become spaces. */
export function around(text: string, query: string, most = 140): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= most) return line;
  const first = hits(line, query)[0]?.[0] ?? 0;
  const wish = first <= most / 3 ? 0 : first - Math.floor(most / 4);
  const space = wish === 0 ? -1 : line.indexOf(" ", wish);
  const start = wish === 0 ? 0 : space >= 0 && space < first ? space + 1 : cut(line, wish).length;
  const rest = line.slice(start);
  if (rest.length <= most) return `…${rest}`;
  const lastSpace = rest.lastIndexOf(" ", most);
  return `${start > 0 ? "…" : ""}${cut(rest, lastSpace > most / 2 ? lastSpace : most)}…`;
}
