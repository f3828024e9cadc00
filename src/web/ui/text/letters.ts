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
