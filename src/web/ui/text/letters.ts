/** A text as the letters that people see; where the browser does not know them, as its code points. */
export function letters(text: string): string[] {
  return typeof Intl.Segmenter === "function"
    ? [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment)
    : [...text];
}
