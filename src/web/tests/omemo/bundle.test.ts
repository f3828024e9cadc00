import { expect, test, vi } from "vitest";
import { base64, random } from "../../omemo/bytes.ts";
import {
  buildBundle,
  buildList,
  bundleAt,
  listNode,
  parseBundle,
  parseList,
  sameBundle,
} from "../../omemo/bundle.ts";
import { generateIdentity, generateKeyPair } from "../../omemo/curve.ts";
import type { OwnDevice } from "../../omemo/store.ts";
import { suites, type Version } from "../../omemo/suite.ts";
import { parse, type Element } from "../../xmpp/xml.ts";

// Several people share the machine that this runs on.
vi.setConfig({ testTimeout: 60_000 });

const versions: Version[] = ["axolotl", "omemo2"];
const identity = generateIdentity();
const pair = generateKeyPair();
const own: OwnDevice = {
  id: 31415,
  identity,
  createdAt: 0,
  signedPreKeys: [
    {
      id: 7,
      pair,
      signature: {
        axolotl: suites.axolotl.signPreKey(identity, pair.public),
        omemo2: suites.omemo2.signPreKey(identity, pair.public),
      },
      createdAt: 0,
    },
  ],
  nextPreKey: { axolotl: 1, omemo2: 1 },
};
const preKeys = [1, 2, 0x7fff_ffff].map((id) => ({ id, pair: generateKeyPair() }));

const built = (version: Version): Element => parse(buildBundle(version, own, preKeys).toString());

test("the nodes are those of the specifications", () => {
  expect(listNode("axolotl")).toBe("eu.siacs.conversations.axolotl.devicelist");
  expect(listNode("omemo2")).toBe("urn:xmpp:omemo:2:devices");
  expect(bundleAt("axolotl", 5)).toEqual({
    node: "eu.siacs.conversations.axolotl.bundles:5",
    item: "current",
  });
  expect(bundleAt("omemo2", 5)).toEqual({ node: "urn:xmpp:omemo:2:bundles", item: "5" });
});

test.each(versions)("a bundle in %s comes back", (version) => {
  const bundle = parseBundle(version, built(version))!;
  expect(bundle).toEqual({
    identity: suites[version].identityOf(identity),
    signedPreKey: { id: 7, key: pair.public },
    preKeys: preKeys.map(({ id, pair: { public: key } }) => ({ id, key })),
  });
  expect(sameBundle(bundle, { ...bundle, preKeys: [...bundle.preKeys].reverse() })).toBe(true);
  expect(sameBundle(bundle, { ...bundle, preKeys: bundle.preKeys.slice(1) })).toBe(false);
});

test.each(versions)("a bundle in %s whose keys or signature were exchanged is refused", (version) => {
  const other = base64(random(version === "axolotl" ? 33 : 32));
  for (const child of built(version).getChildElements()) {
    if (child.getName() === "prekeys") continue;
    for (const text of [other, "", "no base64!"]) {
      const changed = built(version);
      changed.getChild(child.getName())!.children = [text];
      expect(parseBundle(version, changed)).toBeUndefined();
    }
    const without = built(version);
    without.remove(without.getChild(child.getName())!);
    expect(parseBundle(version, without)).toBeUndefined();
  }
});

test.each(versions)("prekeys in %s of a wrong form, and of number 0, are left out", (version) => {
  const bundle = built(version);
  const [first, second] = bundle.getChild("prekeys")!.getChildElements();
  first!.children = ["AAAA"];
  second!.attrs[version === "axolotl" ? "preKeyId" : "id"] = "0";
  expect(parseBundle(version, bundle)!.preKeys.map(({ id }) => id)).toEqual([0x7fff_ffff]);
});

test("device lists keep each device once, what is no device goes, and labels stay with their signatures", () => {
  const list = parseList(
    "omemo2",
    parse(
      "<devices xmlns='urn:xmpp:omemo:2'><device id='1' label='Phone' labelsig='QUJD'/><device id='2'/><device id='2'/>" +
        "<device id='0'/><device id='-5'/><device id='4294967296'/><device/><device id='x'/></devices>",
    ),
  );
  expect(list).toEqual({ devices: [{ id: 1, label: "Phone", labelSignature: "QUJD" }, { id: 2 }] });
  expect(parseList("omemo2", parse(buildList("omemo2", list).toString()))).toEqual(list);
  expect(buildList("axolotl", list).toString()).toBe(
    '<list xmlns="eu.siacs.conversations.axolotl"><device id="1"/><device id="2"/></list>',
  );
  expect(parseList("axolotl", undefined)).toEqual({ devices: [] });
});
