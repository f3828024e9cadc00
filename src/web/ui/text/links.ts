export type Piece = { text: string; link?: string; mention?: true };

const schemes = "https?:\\/\\/|xmpp:|mailto:|tel:|geo:";
const rest = `[^\\s<>"\u200e\u200f\u202a-\u202e\u2066-\u2069]`;
const host = "(?:[\\p{L}\\p{N}-]{1,63}\\.){1,8}";
/** What is meant without a scheme; of pages only those of endings that no word has. */
const bare = {
  mail: `[\\p{L}\\p{N}][\\p{L}\\p{N}._%+-]{0,63}@${host}\\p{L}{2,24}`,
  page: `${host}(?:com|org|net|de|ch|eu|info|io|co\\.uk)(?!\\.?[\\p{L}\\p{N}@-])(?:[/?#]${rest}{0,2000})?`,
  phone:
    "(?:\\+\\d[\\d ()/-]{5,20}|\\(0\\d{1,5}\\)[\\d /-]{3,18}|0\\d[\\d /-]{4,18}|\\d{3}-\\d{3}-\\d{3})\\d(?!\\d)",
};
const pattern = new RegExp(
  `(?:${schemes}|www\\.)${rest}{1,2000}|${bare.mail}|${bare.page}|${bare.phone}`,
  "giu",
);

/** In the middle of a word. (Older Safaris cannot look behind in a pattern.) */
function afterWord(text: string, at: number): boolean {
  return at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1]!);
}

/** Where words lead that name no scheme. */
function meant(shown: string): string | undefined {
  if (shown.includes("@")) return safe(`mailto:${shown}`);
  if (!/^[+\d ()/-]+$/.test(shown)) return safe(`https://${shown}`);
  const digits = shown.replace("(0)", "").replace(/[^+\d]/g, "");
  const day = /^\d{1,2}[ /-]\d{1,2}[ /-]\d{2,4}$/.test(shown);
  return day || !/\d{3}/.test(shown) || !/^\+?\d{7,15}$/.test(digits) ? undefined : `tel:${digits}`;
}

/** Where what was found leads; nowhere when it is the middle of something longer. */
function target(shown: string, text: string, at: number): string | undefined {
  if (afterWord(text, at)) return undefined;
  if (new RegExp(`^(?:${schemes}|www\\.)`, "i").test(shown)) return safe(shown);
  return at > 0 && /[@./_+-]/.test(text[at - 1]!) ? undefined : meant(shown);
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
    const link = target(shown, text, match.index);
    if (!link) continue;
    found.push(...mentions(text.slice(plain, match.index), names), { text: shown, link });
    plain = match.index + shown.length;
  }
  found.push(...mentions(text.slice(plain), names));
  return found;
}

const calls = new WeakMap<readonly string[], RegExp>();

/** What calls one of the names, the longest first; made once for a chat. */
function callOf(names: readonly string[]): RegExp {
  const known = calls.get(names);
  if (known) return known;
  const choices = [...names]
    .filter(Boolean)
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const call = new RegExp(`@(?:${choices.join("|")})(?![\\p{L}\\p{N}])`, "giu");
  calls.set(names, call);
  return call;
}

function mentions(text: string, names: readonly string[]): Piece[] {
  if (!text) return [];
  if (!names.length || !text.includes("@")) return [{ text }];
  const found: Piece[] = [];
  let plain = 0;
  for (const match of text.matchAll(callOf(names))) {
    if (afterWord(text, match.index)) continue;
    if (match.index > plain) found.push({ text: text.slice(plain, match.index) });
    found.push({ text: match[0], mention: true });
    plain = match.index + match[0].length;
  }
  if (plain < text.length) found.push({ text: text.slice(plain) });
  return found;
}
