import Element from "ltx/src/Element.js";

/** Deeper than any stanza needs, and far from where recursion over it would end badly. */
const DEEPEST = 200;

// A tag with its attributes, a CDATA section, or text. RFC 6120 §11.1: no comments, no instructions, no declarations.
const TOKEN =
  /<(\/?)([^\s<>/=!?'"&]+)((?:\s+[^\s<>/='"&]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|<!\[CDATA\[([^]*?)\]\]>|([^<]+)/y;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const DECLARATION = /^\s*(?:<\?xml\s[^?<>]*\?>\s*)?/;
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * One whole element, as RFC 6120 §11 restricts XML.
 * @throws SyntaxError for anything else.
 */
export function parse(input: string): Element {
  if (FORBIDDEN.test(input)) throw new SyntaxError("a character that XML does not have");
  const xml = input.replace(/\r\n?/g, "\n").replace(DECLARATION, "").trimEnd();
  let root: Element | undefined;
  let open: Element | null = null;
  let depth = 0;
  for (let at = 0; at < xml.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(xml);
    if (!token || (root && !open)) throw new SyntaxError("not one whole element");
    const [, closing, name, attributes, empty, data, text] = token;
    if (name === undefined) {
      if (!open) throw new SyntaxError("text outside an element");
      open.t(data ?? unescape(text!));
    } else if (closing) {
      if (open?.name !== name || attributes || empty) throw new SyntaxError(`</${name}> closes nothing`);
      open = open.parent;
      depth--;
    } else {
      const element: Element = new Element(name, read(attributes!));
      if (open) open.cnode(element);
      root ??= element;
      if (!empty) open = element;
      if (!empty && ++depth > DEEPEST) throw new SyntaxError("too deep");
    }
  }
  if (!root || open) throw new SyntaxError("not a whole element");
  return root;
}

function read(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, double, single] of text.matchAll(ATTRIBUTE)) {
    if (Object.hasOwn(attributes, name!)) throw new SyntaxError(`two attributes ${name!}`);
    attributes[name!] = unescape((double ?? single)!.replace(/[\t\n]/g, " "));
  }
  return attributes;
}

function unescape(text: string): string {
  return text.includes("&") ? text.replace(/&([^;&]{0,10});?/g, entity) : text;
}

function entity(whole: string, name: string): string {
  const number = /^#(?:([0-9]+)|x([0-9a-fA-F]+))$/.exec(name);
  const code = number ? (number[1] ? parseInt(number[1], 10) : parseInt(number[2]!, 16)) : 0;
  const legal = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  const character = legal
    ? String.fromCodePoint(code)
    : Object.hasOwn(ENTITIES, name)
      ? ENTITIES[name]
      : undefined;
  if (character === undefined || FORBIDDEN.test(character) || !whole.endsWith(";"))
    throw new SyntaxError(`no entity ${whole}`);
  return character;
}
