/**
 * XEP-0393: what a text says by `*stars*` and `> quotes`. The text is kept; of directives only those that style something are
 * not shown: §7 recommends to show them, but the family's other messengers taught it that they vanish; copying brings them back.
 */
export type Style = "strong" | "emphasis" | "strike" | "mono";
export type Inline = string | { style: Style; inside: Inline[] };
export type Block =
  { kind: "lines"; inside: Inline[] } | { kind: "quote"; blocks: Block[] } | { kind: "code"; text: string };

const styles: Readonly<Record<string, Style>> = { "*": "strong", _: "emphasis", "~": "strike", "`": "mono" };

/** §5: spans of one line. */
export function spans(line: string): Inline[] {
  const found: Inline[] = [];
  let plain = 0;
  for (let at = 0; at < line.length; at++) {
    const style = styles[line[at]!];
    if (!style || !opens(line, at)) continue;
    const end = closes(line, at);
    if (end < 0) continue;
    if (at > plain) found.push(line.slice(plain, at));
    const text = line.slice(at + 1, end);
    found.push({ style, inside: style === "mono" ? [text] : spans(text) });
    at = end;
    plain = end + 1;
  }
  if (plain < line.length) found.push(line.slice(plain));
  return found;
}

/** §6.2: at the start, after white space or after another opening directive, and not before white space. */
function opens(line: string, at: number): boolean {
  const before = line[at - 1];
  const after = line[at + 1];
  if (after === undefined || /\s/.test(after)) return false;
  return (
    before === undefined ||
    /\s/.test(before) ||
    (before in styles && before !== line[at] && opens(line, at - 1))
  );
}

/** §6.2: the nearest one that follows no white space; when nothing is between, neither counts. */
function closes(line: string, from: number): number {
  const sign = line[from]!;
  if (line[from + 1] === sign) return -1;
  for (let at = line.indexOf(sign, from + 2); at >= 0; at = line.indexOf(sign, at + 1))
    if (!/\s/.test(line[at - 1]!)) return at;
  return -1;
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
