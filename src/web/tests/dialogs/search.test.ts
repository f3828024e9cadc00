import { describe, expect, it } from "vitest";
import { around, marked } from "../../ui/search/highlight.ts";
import { shelves } from "../../ui/search/shelves.ts";

const show = (text: string, query: string) =>
  marked(text, query)
    .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
    .join("");

describe("marked", () => {
  it("finds every word, without case and accents", () => {
    expect(show("Cake and more cake", "cake")).toBe("[Cake] and more [cake]");
    expect(show("Über die Brücke", "brucke uber")).toBe("[Über] die [Brücke]");
    expect(show("a\u0301bc", "a")).toBe("[a\u0301]bc");
    expect(show("nothing", "zzz")).toBe("nothing");
    expect(show("text", " ")).toBe("text");
  });

  it("does not break letters of several units, and leaves the text whole", () => {
    const text = "İstanbul 👨‍👩‍👧 straße ﬁne";
    for (const query of ["stan", "👧", "strasse", "fi", "i"])
      expect(
        marked(text, query)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(text);
    expect(show("👍 good", "good")).toBe("👍 [good]");
  });

  it("takes the longer of two words that overlap", () => {
    expect(show("cakes", "cake cakes")).toBe("[cakes]");
  });
});

describe("around", () => {
  const long = `${"word ".repeat(60)}needle ${"after ".repeat(60)}`;

  it("leaves a short text, with its lines joined", () => {
    expect(around("a\n b", "a")).toBe("a b");
  });

  it("keeps the first hit in view, and cuts at words", () => {
    const cut = around(long, "needle", 100);
    expect(cut).toContain("needle");
    expect(cut.length).toBeLessThanOrEqual(102);
    expect(cut).toMatch(/^…word .* after…$/);
    expect(around(long, "word", 100)).toMatch(/^word .*word…$/);
  });

  it("cuts what has no spaces, and no letter in half", () => {
    const cut = around("👍".repeat(200), "x", 101);
    expect(cut.length).toBeLessThanOrEqual(102);
    expect(() => encodeURIComponent(cut)).not.toThrow();
  });
});

describe("shelves", () => {
  const at = (day: number, hour: number) => new Date(2026, 5, day, hour).getTime();
  const found = (chat: string, message: string, when: number) => ({
    chat,
    message,
    at: when,
    who: "",
    own: false,
    text: "",
  });

  it("stand by the newest hit, and inside by day", () => {
    const made = shelves([
      found("a", "1", at(1, 9)),
      found("b", "2", at(2, 9)),
      found("a", "3", at(3, 9)),
      found("a", "4", at(3, 8)),
    ]);
    expect(made.map((shelf) => shelf.chat)).toEqual(["a", "b"]);
    expect(made[0]!.days.map((day) => day.found.map((one) => one.message))).toEqual([["3", "4"], ["1"]]);
  });

  it("count what they do not show", () => {
    const [shelf] = shelves(
      [found("a", "1", at(1, 9)), found("a", "2", at(2, 9)), found("a", "3", at(3, 9))],
      2,
    );
    expect(shelf!.count).toBe(3);
    expect(shelf!.days.flatMap((day) => day.found)).toHaveLength(2);
  });
});
