import { afterEach, describe, expect, it } from "vitest";
import { use } from "../../i18n/index.ts";
import { feeling, speaker } from "../../ui/text/who.ts";

afterEach(() => use("en"));

describe("who said something", () => {
  it("is You where it is one's own, in both languages", async () => {
    const [own, his] = [
      { who: "Anna", own: true },
      { who: "Ben", own: false },
    ];
    await use("en");
    expect([speaker(own), speaker(his), speaker({ who: "Mia" })]).toEqual(["You", "Ben", "Mia"]);
    await use("de");
    expect([speaker(own), speaker(his)]).toEqual(["Du", "Ben"]);
  });

  it("among those who feel the same is the first, in the language of now", async () => {
    await use("de");
    expect(feeling({ emoji: "❤️", who: ["You", "Oma"], own: true })).toBe("Du und Oma");
    expect(feeling({ emoji: "❤️", who: ["Ben"], own: false })).toBe("Ben");
  });
});
