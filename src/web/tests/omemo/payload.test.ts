import { expect, test } from "vitest";
import { concat, fromUtf8, utf8 } from "../../omemo/bytes.ts";
import { openPayload, sealPayload } from "../../omemo/payload.ts";
import { buildSce, parseSce } from "../../omemo/sce.ts";
import type { Version } from "../../omemo/suite.ts";
import { x } from "../../xmpp/xml.ts";

const versions: Version[] = ["axolotl", "omemo2"];
const text = "a text of more than one block of sixteen bytes";

test.each(versions)("a content in %s comes back, and what the devices get is short", (version) => {
  const payload = sealPayload(version, utf8(text));
  expect(fromUtf8(openPayload(version, payload)!)).toBe(text);
  expect(payload.key).toHaveLength(version === "axolotl" ? 32 : 48);
  expect(payload.iv?.length).toBe(version === "axolotl" ? 12 : undefined);
  expect(openPayload(version, sealPayload(version, undefined))).toBeUndefined();
  expect(openPayload(version, sealPayload(version, new Uint8Array()))).toHaveLength(0);
});

test("an empty message in omemo:2 is 32 zero bytes to each device", () => {
  expect(sealPayload("omemo2", undefined)).toEqual({ key: new Uint8Array(32) });
});

test.each(versions)(
  "a content in %s of which a bit was changed is not authentic, whatever it would decrypt to",
  (version) => {
    const payload = sealPayload(version, utf8(text));
    for (let i = 0; i < payload.sealed!.length; i++) {
      const sealed = payload.sealed!.slice();
      sealed[i]! ^= 1;
      expect(() => openPayload(version, { ...payload, sealed })).toThrow(/authentic|tag/);
    }
    for (let i = 0; i < payload.key.length; i++) {
      const key = payload.key.slice();
      key[i]! ^= 1;
      expect(() => openPayload(version, { ...payload, key })).toThrow();
      expect(() => openPayload(version, { ...payload, key: payload.key.slice(0, i) })).toThrow();
    }
  },
);

test("a tag at the end of the payload, as long ago, is read", () => {
  const { key, iv, sealed } = sealPayload("axolotl", utf8(text));
  const old = { key: key.slice(0, 16), iv: iv!, sealed: concat(sealed!, key.slice(16)) };
  expect(fromUtf8(openPayload("axolotl", old)!)).toBe(text);
  expect(() => openPayload("axolotl", { key, sealed: sealed! })).toThrow("no iv");
});

const affixes = { from: "mia@kith.example", to: "ben@kith.example", at: new Date(0) };
const stanza = { from: "mia@kith.example", to: "ben@kith.example", group: false };

test("envelopes hide how long a short message is", () => {
  const lengths = ["", "x", "yes, at eight"].flatMap((body) =>
    Array.from({ length: 50 }, () => buildSce([x("body", { xmlns: "jabber:client" }, body)], affixes).length),
  );
  expect(Math.min(...lengths)).toBeGreaterThan(256);
  expect(new Set(lengths).size).toBeGreaterThan(20);
});

test("envelopes carry any text, and what is said stays with its owner", () => {
  const body = x("body", { xmlns: "jabber:client" }, `<&>"' 🥐 ]]>`);
  const owner = x("message", {}, body);
  const { content, at } = parseSce(buildSce([body], affixes), stanza);
  expect(content.getChild("body", "jabber:client")!.getText()).toBe(`<&>"' 🥐 ]]>`);
  expect(at).toEqual(new Date(0));
  expect(body.parent).toBe(owner);
});

const wrapped = (inside: string): string =>
  `<envelope xmlns='urn:xmpp:sce:1'><content><body xmlns='jabber:client'>x</body></content>${inside}</envelope>`;

test("addresses are compared as accounts, and affixes that may be absent may", () => {
  expect(
    parseSce(wrapped("<from jid='Mia@Kith.example/phone'/><to jid='BEN@kith.example'/>"), stanza),
  ).toBeDefined();
  expect(parseSce(wrapped("<rpad/>"), stanza).at).toBeUndefined();
  expect(parseSce(wrapped("<time stamp='soon'/>"), stanza).at).toBeUndefined();
});

test.each([
  ["no XML", "hello"],
  ["cut short", wrapped("").slice(0, -5)],
  ["an unknown entity", wrapped("<rpad>&boom;</rpad>")],
  ["another element", "<message xmlns='urn:xmpp:sce:1'><content/></message>"],
  ["another namespace", wrapped("").replace("urn:xmpp:sce:1", "urn:xmpp:sce:0")],
  ["without content", "<envelope xmlns='urn:xmpp:sce:1'/>"],
  ["nothing", ""],
])("an envelope that is %s is broken", (_, envelope) => {
  expect(() => parseSce(envelope, stanza)).toThrow(expect.objectContaining({ reason: "broken" }));
});

test.each([
  ["of somebody else", "<from jid='ida@kith.example'/>", {}],
  ["for somebody else", "<to jid='ida@kith.example'/>", {}],
  ["for no group", "", { group: true }],
])("an envelope that is %s is forged", (_, inside, more) => {
  expect(() => parseSce(wrapped(inside), { ...stanza, ...more })).toThrow(
    expect.objectContaining({ reason: "forged" }),
  );
});
