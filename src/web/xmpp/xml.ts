import { Element, parse } from "ltx";

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
