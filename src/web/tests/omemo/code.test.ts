import { expect, test } from "vitest";
import { deviceCode, parseCode, trustCode } from "../../omemo/code.ts";

const [one, two] = ["ab".repeat(32), "0f".repeat(32)];

test("a code in Conversations' form is made and read", () => {
  const keys = [
    { device: 4711, fingerprint: one },
    { device: 2147483647, fingerprint: two },
  ];
  const code = deviceCode({ jid: "mia@kith.example", keys });
  expect(code).toBe(`xmpp:mia@kith.example?omemo-sid-4711=${one};omemo-sid-2147483647=${two}`);
  expect(parseCode(code)).toEqual({ jid: "mia@kith.example", keys, refused: [] });
});

test("other parts of such a code, and capitals, are no harm", () => {
  const code = `XMPP:mia@kith.example?message;omemo-sid-1=${one.toUpperCase()};body=hi`;
  expect(parseCode(code)!.keys).toEqual([{ device: 1, fingerprint: one }]);
});

test("the example of XEP-0434 is read and written", () => {
  const uri =
    "xmpp:bob@example.com?trust-message;encryption=urn:xmpp:omemo:2;trust=623548d3835c6d33ef5cb680f7944ef381cf712bf23a0119dabe5c4f252cd02f;distrust=b423f5088de9a924d51b31581723d850c7cc67d0a4fe6b267c3d301ff56d2413;distrust=d9f849b6b828309c5f2c8df4f38fd891887da5aaa24a22c50d52f69b4a80817e";
  const code = parseCode(uri)!;
  expect(code.keys).toHaveLength(1);
  expect(code.refused).toHaveLength(2);
  expect(trustCode(code)).toBe(uri);
});

test("an address with letters that a URI can't carry comes back", () => {
  const keys = [{ device: 1, fingerprint: one }];
  const code = deviceCode({ jid: "müller;x@kith.example", keys });
  expect(code).not.toContain("ü");
  expect(parseCode(code)!.jid).toBe("müller;x@kith.example");
});

test.each([
  "",
  "https://kith.example/",
  "xmpp:mia@kith.example",
  "xmpp:mia@kith.example?message",
  "xmpp:mia@kith.example/phone?omemo-sid-1=" + one,
  "xmpp:mia@kith.example?omemo-sid-1=" + one.slice(2),
  "xmpp:mia@kith.example?omemo-sid-x=" + one,
  `xmpp:mia@kith.example?omemo-sid-1=${one};omemo-sid-2=short`,
  "xmpp:%zz@kith.example?omemo-sid-1=" + one,
  `xmpp:mia@kith.example?trust-message;encryption=urn:xmpp:openpgp:0;trust=${one}`,
  `xmpp:mia@kith.example?trust-message;encryption=urn:xmpp:omemo:2;trust=${one.slice(1)}`,
  `xmpp:mia@kith.example?trust-message;encryption=urn:xmpp:omemo:2;believe=${one}`,
  "xmpp:mia@kith.example?trust-message;encryption=urn:xmpp:omemo:2",
])("%j is no code", (uri) => {
  expect(parseCode(uri)).toBeUndefined();
});
