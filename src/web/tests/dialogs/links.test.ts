import { describe, expect, it } from "vitest";
import { address, contactLink, isServer, readTarget, readTyped } from "../../ui/page/links.ts";

const here = "kith.example";
const keys =
  "xmpp:mia@kith.example?omemo-sid-12=3f2a91c07be4d85512aa6e09c4f1b7d8e62390ab5cd41f78a0e9b3c6d7f21458";

describe("address", () => {
  it("takes a bare address in lower case, without device and final dot", () => {
    expect(address("Mia@Kith.Example./phone")).toBe("mia@kith.example");
    expect(address("jörg@münchen.example")).toBe("jörg@münchen.example");
    expect(address("anna@localhost")).toBe("anna@localhost");
  });

  it.each([
    "",
    "mia",
    "@kith.example",
    "mia@",
    "a b@c.de",
    "a@b@c",
    "a<b@c.de",
    "a@-b.de",
    "a@b..de",
    "a@b c",
  ])("refuses “%s”", (text) => {
    expect(address(text)).toBeUndefined();
  });
});

describe("readTarget", () => {
  it("reads what RFC 5122 allows", () => {
    expect(readTarget("xmpp:lea@other.example", here)).toEqual({
      kind: "address",
      address: "lea@other.example",
    });
    expect(readTarget(" XMPP:lea@other.example?message;body=Hi ", here)?.kind).toBe("address");
    expect(readTarget("xmpp:l%C3%A9a@other.example", here)).toEqual({
      kind: "address",
      address: "léa@other.example",
    });
    expect(readTarget("xmpp://me@x.example/lea@other.example", here)).toEqual({
      kind: "address",
      address: "lea@other.example",
    });
    expect(readTarget("xmpp:fun@groups.x.example?join", here)).toEqual({
      kind: "group",
      address: "fun@groups.x.example",
    });
  });

  it("keeps the keys of a person's code", () => {
    expect(readTarget(keys, here)).toEqual({ kind: "keys", address: "mia@kith.example", uri: keys });
  });

  it("reads the pages of other apps, and its own", () => {
    expect(readTarget("https://conversations.im/i/lea@other.example", here)?.kind).toBe("address");
    expect(readTarget("https://conversations.im/j/fun@groups.x.example", here)).toEqual({
      kind: "group",
      address: "fun@groups.x.example",
    });
    expect(readTarget("https://xmpp.link/#fun@groups.x.example?join", here)?.kind).toBe("group");
    expect(readTarget("https://kith.example/#/chat/ben%40kith.example", here)).toEqual({
      kind: "address",
      address: "ben@kith.example",
    });
    expect(readTarget("https://other.example/#/chat/ben%40kith.example", here)).toBeUndefined();
    expect(readTarget("https://other.example/invite/7Yw2-kQ_mXc4", here)).toEqual({
      kind: "invite",
      link: "https://other.example/invite/7Yw2-kQ_mXc4",
    });
  });

  it.each([
    "",
    "hello",
    "https://",
    "https://example.org/",
    "http://other.example/invite/abc",
    "javascript:alert(1)",
    "xmpp:",
    "xmpp:other.example",
    "xmpp:%E0%A4%A@",
  ])("leaves “%s” alone", (text) => {
    expect(readTarget(text, here)).toBeUndefined();
  });
});

describe("readTyped", () => {
  it("takes a name alone for somebody of this home", () => {
    expect(readTyped("Mia", here, here)).toEqual({ kind: "address", address: "mia@kith.example" });
    expect(readTyped("@mia", here, here)).toEqual({ kind: "address", address: "mia@kith.example" });
    expect(readTyped("lea@other.example", here, here)).toEqual({
      kind: "address",
      address: "lea@other.example",
    });
    expect(readTyped("aunt mia", here, here)).toBeUndefined();
  });
});

it("writes a link that it reads back", () => {
  const strange = "d+é%@kith.example";
  expect(readTarget(contactLink(strange), here)).toEqual({ kind: "address", address: strange });
});

it("knows a server's name", () => {
  expect(isServer("example.org")).toBe(true);
  expect(isServer("exa mple")).toBe(false);
  expect(isServer("")).toBe(false);
});
