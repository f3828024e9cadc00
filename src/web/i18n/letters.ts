/** A text as the letters that people see; where the browser does not know them, as its code points. */
export function letters(text: string): string[] {
  return typeof Intl.Segmenter === "function"
    ? [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment)
    : [...text];
}

/** From here on a character may belong to the one before it. */
const COMBINES = 0x300;

/** The first of them: what most names begin with needs no tables of the browser's, which take their time to load. */
export function firstLetter(text: string): string {
  const [first, second] = [text.charCodeAt(0), text.charCodeAt(1)];
  return first >= COMBINES || second >= COMBINES ? letters(text.slice(0, 32))[0]! : text.charAt(0);
}

/** What is taken for one letter at most: marks can be heaped on one without end. */
const LONGEST = 64;

/** The beginning of a text, `most` units of UTF-16 at most, that ends where a letter ends. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  if (text.charCodeAt(most - 1) < COMBINES && text.charCodeAt(most) < COMBINES) return text.slice(0, most);
  let whole = 0;
  for (const letter of letters(text.slice(0, most + LONGEST))) {
    if (whole + letter.length > most) break;
    whole += letter.length;
  }
  // A heap of marks is cut all the same, but no character of two units in half.
  if (most - whole < LONGEST) return text.slice(0, whole);
  return text.slice(0, /[\ud800-\udbff]/.test(text.charAt(most - 1)) ? most - 1 : most);
}
