/** Letters that are others with something added, though Unicode does not take them apart. */
const LIKE: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ı: "i",
  ς: "σ",
};
const alike = new RegExp(`[${Object.keys(LIKE).join("")}]`, "g");

/** Letters as people look for them: "Ärger" is found by "arger", "Straße" by "strasse". The same in every language. */
export const fold = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(alike, (letter) => LIKE[letter]!);

/** The same, and for each unit of it the place in the text where it came from. */
export function folded(text: string): { plain: string; from: number[] } {
  let plain = "";
  const from: number[] = [];
  let at = 0;
  for (const letter of text) {
    const next = fold(letter);
    for (let i = 0; i < next.length; i++) from.push(at);
    plain += next;
    at += letter.length;
  }
  from.push(at);
  return { plain, from };
}

/** What is looked for: its words. */
export const wordsOf = (query: string): string[] => fold(query).split(/\s+/).filter(Boolean);
