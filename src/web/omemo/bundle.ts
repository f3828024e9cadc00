import { base64, equal } from "./bytes.ts";
import { prefixed } from "./axolotl.ts";
import type { Bundle } from "./session.ts";
import type { DeviceList, ListedDevice, OwnDevice, OwnPreKey } from "./store.ts";
import { suites, type Version } from "./suite.ts";
import { bytesOf, namespaces, number, x, type Element } from "./xml.ts";

/** Element and attribute names of a bundle: XEP-0384 0.3.0 §4.3 and 0.8 §5.3.2. */
const words = {
  axolotl: {
    signed: "signedPreKeyPublic",
    signedId: "signedPreKeyId",
    signature: "signedPreKeySignature",
    identity: "identityKey",
    preKey: "preKeyPublic",
    preKeyId: "preKeyId",
  },
  omemo2: { signed: "spk", signedId: "id", signature: "spks", identity: "ik", preKey: "pk", preKeyId: "id" },
} as const;

/** Where a bundle is published: axolotl has a node for each device, omemo:2 an item. */
export const bundleAt = (version: Version, device: number): { node: string; item: string } =>
  version === "axolotl"
    ? { node: `${namespaces.axolotl}.bundles:${String(device)}`, item: "current" }
    : { node: `${namespaces.omemo2}:bundles`, item: String(device) };

/** Where device lists are published; the item is `current`. */
export const listNode = (version: Version): string =>
  version === "axolotl" ? `${namespaces.axolotl}.devicelist` : `${namespaces.omemo2}:devices`;

/** What the nodes must be configured to, as publish-options (XEP-0384 0.8 §5.3). */
export const listOptions: Readonly<Record<string, string>> = {
  "pubsub#access_model": "open",
  "pubsub#persist_items": "true",
};
export const bundleOptions = (version: Version): Readonly<Record<string, string>> =>
  version === "axolotl" ? listOptions : { ...listOptions, "pubsub#max_items": "max" };

export function buildBundle(version: Version, own: OwnDevice, preKeys: readonly OwnPreKey[]): Element {
  const w = words[version];
  const signed = own.signedPreKeys.at(-1)!;
  const wire = (key: Uint8Array): string => base64(version === "axolotl" ? prefixed(key) : key);
  return x(
    "bundle",
    { xmlns: namespaces[version] },
    x(w.signed, { [w.signedId]: signed.id }, wire(signed.pair.public)),
    x(w.signature, {}, base64(signed.signature[version])),
    x(w.identity, {}, wire(suites[version].identityOf(own.identity))),
    x("prekeys", {}, ...preKeys.map(({ id, pair }) => x(w.preKey, { [w.preKeyId]: id }, wire(pair.public)))),
  );
}

/** A bundle whose signature is right; else undefined. Prekeys of a wrong form, and of number 0, are left out. */
export function parseBundle(version: Version, element: Element): Bundle | undefined {
  const w = words[version];
  const key = (child: Element | undefined): Uint8Array | undefined => {
    const bytes = bytesOf(child);
    if (version === "omemo2") return bytes?.length === 32 ? bytes : undefined;
    return bytes?.length === 33 && bytes[0] === 5 ? bytes.slice(1) : undefined;
  };
  const signed = element.getChild(w.signed);
  const [identity, signedKey, signature] = [
    key(element.getChild(w.identity)),
    key(signed),
    bytesOf(element.getChild(w.signature)),
  ];
  const id = signed && number(signed, w.signedId);
  if (!identity || !signedKey || !signature || id === undefined) return undefined;
  if (!suites[version].verifyPreKey(identity, signedKey, signature)) return undefined;
  const preKeys = (element.getChild("prekeys")?.getChildren(w.preKey) ?? []).flatMap((child) => {
    const [preKey, preKeyId] = [key(child), number(child, w.preKeyId)];
    // Converse.js offers one of number 0, which its library then takes for none.
    return preKey && preKeyId ? [{ id: preKeyId, key: preKey }] : [];
  });
  return { identity, signedPreKey: { id, key: signedKey }, preKeys };
}

/** Whether two bundles offer the same keys; in whichever order. */
export function sameBundle(a: Bundle, b: Bundle): boolean {
  const offered = new Map(b.preKeys.map(({ id, key }) => [id, key]));
  return (
    equal(a.identity, b.identity) &&
    a.signedPreKey.id === b.signedPreKey.id &&
    equal(a.signedPreKey.key, b.signedPreKey.key) &&
    a.preKeys.length === b.preKeys.length &&
    a.preKeys.every(({ id, key }) => equal(key, offered.get(id) ?? new Uint8Array()))
  );
}

/** XEP-0384 0.3.0 §4.3, 0.8 §5.3.1. */
export const buildList = (version: Version, { devices }: DeviceList): Element =>
  x(
    version === "axolotl" ? "list" : "devices",
    { xmlns: namespaces[version] },
    ...devices.map(({ id, label, labelSignature }) =>
      x("device", { id, ...(version === "omemo2" && { label, labelsig: labelSignature }) }),
    ),
  );

/** Devices of a list, each once; what is no device id is left out. Nothing published is an empty list. */
export function parseList(version: Version, element: Element | undefined): DeviceList {
  const devices = new Map<number, ListedDevice>();
  for (const child of element?.getChildren("device") ?? []) {
    const id = number(child, "id");
    if (id === undefined || id === 0) continue;
    const { label, labelsig } = version === "omemo2" ? child.attrs : {};
    devices.set(id, { id, ...(label && { label }), ...(labelsig && { labelSignature: labelsig }) });
  }
  return { devices: [...devices.values()] };
}
