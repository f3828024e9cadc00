import { describe, expect, it } from "vitest";
import type { Person } from "../../state/model.ts";
import { byCircle, familiarOnes, matches } from "../../ui/shell/people.ts";

function person(name: string, more: Partial<Person> = {}): Person {
  return {
    address: `${name.toLowerCase()}@x.example`,
    name,
    circles: [],
    contact: "mutual",
    blocked: false,
    ...more,
  };
}

describe("matches", () => {
  it("finds by the beginning of any word, without case and accents", () => {
    expect(matches("jor", "Onkel Jörg", "j@x")).toBe(true);
    expect(matches("onkel j", "Onkel Jörg", "j@x")).toBe(true);
    expect(matches("schwarz", "Anna Hohenstein-Schwarzenberg", "a@x")).toBe(true);
    expect(matches("rg", "Onkel Jörg", "j@x")).toBe(false);
  });

  it("finds by a part of the address, but not by one letter of it", () => {
    expect(matches("other.ex", "Lea", "lea@other.example")).toBe(true);
    expect(matches("x", "Lea", "lea@other.example")).toBe(false);
    expect(matches(" ", "Lea", "lea@other.example")).toBe(true);
  });
});

describe("familiarOnes", () => {
  it("leaves out strangers and who is blocked", () => {
    const list = [
      person("Zoe"),
      person("Amy", { contact: "asked" }),
      person("Bob", { contact: "none" }),
      person("Cid", { contact: "asks" }),
      person("Dan", { blocked: true }),
      person("Eve", { contact: "none", circles: ["Family"] }),
    ];
    expect(familiarOnes(list).map((one) => one.name)).toEqual(["Amy", "Eve", "Zoe"]);
  });
});

describe("byCircle", () => {
  it("shows each once, those of no circle last", () => {
    const shelves = byCircle([
      person("A"),
      person("B", { circles: ["Work", "Family"] }),
      person("C", { circles: ["Work"] }),
    ]);
    expect(shelves.map((shelf) => [shelf.circle, shelf.people.map((one) => one.name).join("")])).toEqual([
      ["Family", "B"],
      ["Work", "C"],
      ["", "A"],
    ]);
  });
});
