import { describe, expect, it } from "vitest";
import { bare, domain, local, resource, same, valid } from "../../xmpp/jid.ts";

describe("addresses", () => {
  it.each([
    ["Anna@Kith.Example/Phone/1@x", "anna@kith.example", "anna", "kith.example", "Phone/1@x"],
    ["kith.example", "kith.example", "", "kith.example", ""],
    ["kith.example/a@b", "kith.example", "", "kith.example", "a@b"],
    ["ÄNNE@MÜNCHEN.example", "änne@münchen.example", "änne", "münchen.example", ""],
    ["", "", "", "", ""],
  ])("have parts: %s", (address, ...parts) => {
    expect([bare(address), local(address), domain(address), resource(address)]).toEqual(parts);
  });

  it("are the same whatever the case, but for the resource", () => {
    expect(same("Anna@KITH.example/a", "anna@kith.example/a")).toBe(true);
    expect(same("anna@kith.example/a", "anna@kith.example/A")).toBe(false);
    expect(same("anna@kith.example", "anna@kith.example/")).toBe(true);
  });

  it.each([
    "anna@kith.example",
    "änne.b+c@münchen.example",
    "a@localhost",
    "a@[::1]",
    "a@192.168.0.1",
    "孫@例え.jp",
  ])("of people: %s", (address) => {
    expect(valid(address)).toBe(true);
  });

  it.each([
    ...[
      "",
      "anna",
      "@kith.example",
      "anna@",
      "anna@kith.example/phone",
      "an na@kith.example",
      "anna@kith example",
    ],
    ...[
      "a@b@c",
      "a&b@c",
      "a@b..c",
      "a@.b",
      "a@-b.c",
      "a@b-.c",
      "a<b>@c",
      "a@b<c",
      "a:b@c",
      'a"b@c',
      "a@[evil/]",
    ],
    ...["a\u0000@b", "a\u200b@b", "a@b/", `${"a".repeat(1024)}@b`, `a@${"b".repeat(1024)}`],
  ])("of nobody: %j", (address) => {
    expect(valid(address)).toBe(false);
  });
});
