import Element from "ltx/src/Element.js";
import { parse } from "./parser.ts";

export { Element, parse };

type Attributes = Record<string, string | number | undefined>;
type Child = Element | string | undefined | false;

/** An element: `x("message", { to }, x("body", {}, "Hello"))`. Absent attributes and children are left out. */
export function x(name: string, attributes: Attributes = {}, ...children: Child[]): Element {
  const element = new Element(name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) element.attrs[key] = String(value);
  for (const child of children) if (child) element.append(child);
  return element;
}

/** An element of its own, outside of where it stood; the namespace that it had from there is declared on it. */
export function clone(element: Element): Element {
  const copy = copied(element);
  const colon = element.name.indexOf(":");
  copy.attrs[colon < 0 ? "xmlns" : `xmlns:${element.name.slice(0, colon)}`] ??= element.getNS();
  return copy;
}

function copied(element: Element): Element {
  const copy = x(element.name, element.attrs);
  for (const child of element.children) copy.append(typeof child === "string" ? child : copied(child));
  return copy;
}
