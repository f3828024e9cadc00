import type { JSX } from "preact";
import { marked } from "./highlight.ts";

/** A text with what is looked for marked in it. */
export function Marked({ text, query }: { text: string; query: string }): JSX.Element {
  return (
    <bdi>
      {marked(text, query).map((piece, i) => (piece.hit ? <mark key={i}>{piece.text}</mark> : piece.text))}
    </bdi>
  );
}
