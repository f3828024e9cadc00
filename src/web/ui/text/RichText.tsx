import type { ComponentChildren, JSX } from "preact";
import { pieces } from "./links.ts";
import { blocks, type Block, type Inline } from "./styling.ts";

/** `xmpp:` addresses open here; all else opens in a page of its own that learns nothing of this one. */
function Link({ link, text }: { link: string; text: string }): JSX.Element {
  if (link.startsWith("xmpp:")) return <a href={`#/new/${encodeURIComponent(link)}`}>{text}</a>;
  // What is no page is handed to the app for it, and leaves this one where it is.
  if (!/^https?:/.test(link)) return <a href={link}>{text}</a>;
  return (
    <a href={link} target="_blank" rel="noopener noreferrer nofollow">
      {text}
    </a>
  );
}

const elements = { strong: "strong", emphasis: "em", strike: "s" } as const;

function inline(inside: readonly Inline[], names: readonly string[]): ComponentChildren[] {
  return inside.flatMap((part, i): ComponentChildren[] => {
    if (typeof part === "string")
      return pieces(part, names).map((piece) =>
        piece.link ? (
          <Link link={piece.link} text={piece.text} />
        ) : piece.mention ? (
          <b class="mention">{piece.text}</b>
        ) : (
          piece.text
        ),
      );
    if (part.style === "mono") return [<code key={i}>{part.inside}</code>];
    const Element = elements[part.style];
    return [<Element key={i}>{inline(part.inside, names)}</Element>];
  });
}

function block(one: Block, key: number, names: readonly string[]): JSX.Element {
  switch (one.kind) {
    case "code":
      return (
        <pre key={key} tabIndex={0}>
          <code>{one.text}</code>
        </pre>
      );
    case "quote":
      return <blockquote key={key}>{one.blocks.map((inside, i) => block(inside, i, names))}</blockquote>;
    case "lines":
      return (
        <span key={key} class="lines">
          {inline(one.inside, names)}
        </span>
      );
  }
}

/** What somebody wrote, with its styles (XEP-0393), links and the names it calls; drawn as text, never as HTML. */
export function RichText({ text, names = [] }: { text: string; names?: readonly string[] }): JSX.Element {
  return <>{blocks(text).map((one, i) => block(one, i, names))}</>;
}

/** The same in one line, for lists and quotes: without the signs that style it. */
export function plain(text: string): string {
  const words = (inside: readonly Inline[]): string =>
    inside.map((part) => (typeof part === "string" ? part : words(part.inside))).join("");
  return blocks(text)
    .map((one) => (one.kind === "code" ? one.text : one.kind === "quote" ? "" : words(one.inside)))
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();
}
