import { fromBase64 } from "./bytes.ts";
import { Element, parse, x } from "../xmpp/xml.ts";
import type { Version } from "./suite.ts";

export { Element, parse, x };

export const namespaces: Readonly<Record<Version, string>> = {
  axolotl: "eu.siacs.conversations.axolotl",
  omemo2: "urn:xmpp:omemo:2",
};

export function versionOf(element: Element): Version | undefined {
  const namespace = element.getNS();
  if (namespace === namespaces.axolotl) return "axolotl";
  return namespace === namespaces.omemo2 ? "omemo2" : undefined;
}

/** A whole number from 0 to 2^32 − 1 in an attribute, else undefined. */
export function number(element: Element, attribute: string): number | undefined {
  const text = element.attrs[attribute];
  if (!text || !/^\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= 0xffff_ffff ? value : undefined;
}

/** The bytes that an element's text is base64 of; undefined where it is absent or something else. */
export function bytesOf(element: Element | undefined): Uint8Array | undefined {
  return element && fromBase64(element.getText());
}
