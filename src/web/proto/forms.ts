import { x, type Element } from "../xmpp/xml.ts";
import { N } from "./ns.ts";

type Values = Record<string, string | string[] | undefined>;

/** A filled-in form (XEP-0004). */
export function form(type: string, values: Values): Element {
  const fields = Object.entries({ FORM_TYPE: type, ...values }).flatMap(([name, value]) =>
    value === undefined
      ? []
      : x(
          "field",
          { var: name, type: name === "FORM_TYPE" ? "hidden" : undefined },
          ...[value].flat().map((one) => x("value", {}, one)),
        ),
  );
  return x("x", { xmlns: N.data, type: "submit" }, ...fields);
}

/** The first value of each field of the form in an element; empty when it has none. */
export function fields(holder: Element | undefined): Map<string, string> {
  const found = new Map<string, string>();
  for (const field of holder?.getChild("x", N.data)?.getChildren("field") ?? [])
    if (field.attrs.var !== undefined) found.set(field.attrs.var, field.getChildText("value") ?? "");
  return found;
}
