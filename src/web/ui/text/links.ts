export type Piece = { text: string; link?: string; mention?: true };

const schemes = "https?:\\/\\/|xmpp:|mailto:|tel:|geo:";
const pattern = new RegExp(
  `(?:${schemes}|www\\.)[^\\s<>"\u200e\u200f\u202a-\u202e\u2066-\u2069]{1,2000}`,
  "giu",
);

/** In the middle of a word. (Older Safaris cannot look behind in a pattern.) */
function afterWord(text: string, at: number): boolean {
  return at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1]!);
}

/** Where a link leads, when that is somewhere safe: never a script, a file or data. */
export function safe(link: string): string | undefined {
  const whole = /^www\./i.test(link) ? `https://${link}` : link;
  if (!new RegExp(`^(?:${schemes})`, "i").test(whole)) return undefined;
  try {
    const url = new URL(whole);
    return /^https?:$/.test(url.protocol) && !url.hostname ? undefined : url.href;
  } catch {
    return undefined;
  }
}

/** The sentence's own full stop, bracket or quotation mark is not the link's. */
function trim(link: string): string {
  let end = link.length;
  for (;;) {
    const last = link[end - 1]!;
    const rest = link.slice(0, end);
    const unopened = last === ")" ? rest.split(")").length > rest.split("(").length : false;
    if (end > 0 && (unopened || /[.,;:!?'*_~`…»”’\]]/.test(last))) end--;
    else return rest;
  }
}

/** A plain text in pieces: links, names that are called, and what is between. `names` are matched after an `@`. */
export function pieces(text: string, names: readonly string[] = []): Piece[] {
  const found: Piece[] = [];
  let plain = 0;
  for (const match of text.matchAll(pattern)) {
    const shown = trim(match[0]);
    const link = afterWord(text, match.index) ? undefined : safe(shown);
    if (!link) continue;
    found.push(...mentions(text.slice(plain, match.index), names), { text: shown, link });
    plain = match.index + shown.length;
  }
  found.push(...mentions(text.slice(plain), names));
  return found;
}

function mentions(text: string, names: readonly string[]): Piece[] {
  if (!text) return [];
  if (!names.length || !text.includes("@")) return [{ text }];
  const choices = [...names]
    .filter(Boolean)
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const call = new RegExp(`@(?:${choices.join("|")})(?![\\p{L}\\p{N}])`, "giu");
  const found: Piece[] = [];
  let plain = 0;
  for (const match of text.matchAll(call)) {
    if (afterWord(text, match.index)) continue;
    if (match.index > plain) found.push({ text: text.slice(plain, match.index) });
    found.push({ text: match[0], mention: true });
    plain = match.index + match[0].length;
  }
  if (plain < text.length) found.push({ text: text.slice(plain) });
  return found;
}
