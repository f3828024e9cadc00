/**
 * XEP-0393: what a text says by `*stars*` and `> quotes`. The text is kept; of directives only those that style something are
 * not shown: §7 recommends to show them, but the family's other messengers taught it that they vanish; copying brings them back.
 */
export type Style = "strong" | "emphasis" | "strike" | "mono";
export type Inline = string | { style: Style; inside: Inline[] };
export type Block =
  { kind: "lines"; inside: Inline[] } | { kind: "quote"; blocks: Block[] } | { kind: "code"; text: string };

const styles: Readonly<Record<string, Style>> = { "*": "strong", _: "emphasis", "~": "strike", "`": "mono" };

/** Nobody means more than this; what is deeper is plain. */
const deepest = 8;

/**
 * §6.2: spans of one line. A directive opens at the start, after white space or after a different opening one, and not before
 * white space. Each part of the line is looked at once a depth, however it is made.
 */
export function spans(line: string, depth = 0): Inline[] {
  const found: Inline[] = [];
  const endless = new Set<string>();
  let plain = 0;
  let opener = "";
  for (let at = 0; at < line.length; at++) {
    const sign = line[at]!;
    const style = styles[sign];
    const before = line[at - 1];
    const free = before === undefined || /\s/.test(before) || (opener !== "" && opener !== sign);
    opener = "";
    if (!style || !free || endless.has(sign) || depth >= deepest || !/^\S/.test(line.slice(at + 1, at + 2)))
      continue;
    opener = sign;
    const end = closes(line, at);
    if (end === undefined) endless.add(sign);
    if (end === undefined || end < 0) continue;
    if (at > plain) found.push(line.slice(plain, at));
    const text = line.slice(at + 1, end);
    found.push({ style, inside: style === "mono" ? [text] : spans(text, depth + 1) });
    at = end;
    plain = end + 1;
    opener = "";
  }
  if (plain < line.length) found.push(line.slice(plain));
  return found;
}

/** The nearest one that follows no white space; -1 when nothing is between, undefined when there is none. */
function closes(line: string, from: number): number | undefined {
  const sign = line[from]!;
  if (line[from + 1] === sign) return -1;
  for (let at = line.indexOf(sign, from + 2); at >= 0; at = line.indexOf(sign, at + 1))
    if (!/\s/.test(line[at - 1]!)) return at;
  return undefined;
}

/** §4: the blocks of a text; deeper than eight quotes it is plain. */
export function blocks(text: string, depth = 0): Block[] {
  const lines = text.split("\n");
  const found: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at]!;
    if (line.startsWith("```")) {
      const end = lines.indexOf("```", at + 1);
      const to = end < 0 ? lines.length : end;
      found.push({ kind: "code", text: lines.slice(at + 1, to).join("\n") });
      at = to + 1;
    } else if (line.startsWith(">") && depth < 8) {
      const from = at;
      while (at < lines.length && lines[at]!.startsWith(">")) at++;
      const inside = lines.slice(from, at).map((one) => one.slice(1).replace(/^\s/, ""));
      found.push({ kind: "quote", blocks: blocks(inside.join("\n"), depth + 1) });
    } else {
      const last = found.at(-1);
      if (last?.kind === "lines") last.inside.push("\n", ...spans(line));
      else found.push({ kind: "lines", inside: spans(line) });
      at++;
    }
  }
  return found;
}
