import { afterEach, describe, expect, it, vi } from "vitest";
import { cut, firstLetter } from "../../i18n/letters.ts";
import { onlyEmoji } from "../../ui/text/emoji.ts";
import { pieces, safe } from "../../ui/text/links.ts";
import { blocks, spans } from "../../ui/text/styling.ts";
import { plain } from "../../ui/text/RichText.tsx";

describe("styles of XEP-0393", () => {
  it("spans", () => {
    expect(spans("*strong* and _soft_")).toEqual([
      { style: "strong", inside: ["strong"] },
      " and ",
      { style: "emphasis", inside: ["soft"] },
    ]);
    expect(spans("`*not*`")).toEqual([{ style: "mono", inside: ["*not*"] }]);
    expect(spans("*_both_*")).toEqual([
      { style: "strong", inside: [{ style: "emphasis", inside: ["both"] }] },
    ]);
  });

  it.each([
    "not *strong",
    "2 * 3 * 4",
    "a*b*c",
    "**",
    "***",
    "****",
    "not strong*",
    "*not *strong",
    "* x*",
    "*x *",
    "snake_case_name",
  ])("leaves %s", (text) => {
    expect(plain(text)).toBe(text);
  });

  it("is lazy: the nearest end counts (§6.2)", () => {
    expect(spans("*strong*plain*")).toEqual([{ style: "strong", inside: ["strong"] }, "plain*"]);
  });

  it("blocks: quotes within quotes, code without an end", () => {
    expect(blocks("> > a\n> b\nc")).toEqual([
      {
        kind: "quote",
        blocks: [
          { kind: "quote", blocks: [{ kind: "lines", inside: ["a"] }] },
          { kind: "lines", inside: ["b"] },
        ],
      },
      { kind: "lines", inside: ["c"] },
    ]);
    expect(blocks("```\n*a*\n> b")).toEqual([{ kind: "code", text: "*a*\n> b" }]);
  });

  it("is led neither into depths nor into hours", () => {
    const count = 20_000;
    expect(() => {
      blocks(">".repeat(count));
      spans("*_~".repeat(count) + "x" + "~_*".repeat(count));
      spans("*a ".repeat(count));
      spans("*".repeat(count));
      pieces("https://a)".repeat(count));
      pieces("a".repeat(9 * count) + "@a.".repeat(count) + "0 ".repeat(count) + "a.".repeat(count));
    }).not.toThrow();
  });
});

describe("links", () => {
  it("are found, without the sentence's signs", () => {
    expect(pieces("See https://a.example/b_(c), or www.d.example.")).toEqual([
      { text: "See " },
      { text: "https://a.example/b_(c)", link: "https://a.example/b_(c)" },
      { text: ", or " },
      { text: "www.d.example", link: "https://www.d.example/" },
      { text: "." },
    ]);
    expect(pieces("(https://a.example)")[1]?.text).toBe("https://a.example");
    expect(pieces("xmpp:a@b.example?join")[0]?.link).toBe("xmpp:a@b.example?join");
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x", "https://"])(
    "never lead to %s",
    (text) => {
      expect(safe(text)).toBeUndefined();
      expect(pieces(text).every((piece) => !piece.link)).toBe(true);
    },
  );

  it("end where the direction of the text is turned", () => {
    expect(pieces("https://a.example/\u202egpj.exe")[0]).toEqual({
      text: "https://a.example/",
      link: "https://a.example/",
    });
  });

  it.each([
    ["Call +49 170 1234567.", "+49 170 1234567", "tel:+491701234567"],
    ["oder 030 12345678, abends", "030 12345678", "tel:03012345678"],
    ["(0170) 123-4567!", "(0170) 123-4567", "tel:01701234567"],
    ["+49 (0)170 1234567", "+49 (0)170 1234567", "tel:+491701234567"],
    ["555-123-4567", "555-123-4567", "tel:5551234567"],
    ["mail anna.b@example.org.", "anna.b@example.org", "mailto:anna.b@example.org"],
    ["(siehe kuchen.de/rezepte?n=1)", "kuchen.de/rezepte?n=1", "https://kuchen.de/rezepte?n=1"],
    ["on Example.co.uk", "Example.co.uk", "https://example.co.uk/"],
  ])("are meant without a scheme: %s", (text, shown, link) => {
    expect(pieces(text).find((piece) => piece.link)).toEqual({ text: shown, link });
  });

  it.each([
    "01.02.2024, 08:30-09:45",
    "01-02-2024",
    "0 1 2 3 4 5 6 7",
    "0.12345678",
    "1234567890",
    "B0170 1234567",
    "0123456789012345678901234567890",
    "me@home",
    "Ende.Das war es.so",
    "x.kith.de.example",
    "z.B. und/oder",
  ])("are not seen in %s", (text) => {
    expect(pieces(text).filter((piece) => piece.link)).toEqual([]);
  });

  it("names that are called, the longest first", () => {
    expect(pieces("@Opa Heinrich and @Opa, not me@Opa", ["Opa", "Opa Heinrich"])).toEqual([
      { text: "@Opa Heinrich", mention: true },
      { text: " and " },
      { text: "@Opa", mention: true },
      { text: ", not me@Opa" },
    ]);
  });
});

it.each([
  ["😀", 1],
  ["👍🏽🎉", 2],
  ["👨‍👩‍👧‍👦 ❤️", 2],
  ["🇩🇪", 1],
  ["1️⃣", 1],
  ["🏴󠁧󠁢󠁳󠁣󠁴󠁿", 1],
  ["hi 😀", 0],
  ["12", 0],
  ["", 0],
])("%s is %i emoji", (text, count) => {
  expect(onlyEmoji(text)).toBe(count);
});

describe("the first letter", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it.each([
    ["Mia", "M"],
    ["Ärzte", "Ä"],
    ["A\u0308rzte", "A\u0308"],
    ["\u00a9\ufe0f", "\u00a9\ufe0f"],
    ["👩‍👧 family", "👩‍👧"],
    ["🇩🇪", "🇩🇪"],
    ["한", "한"],
    ["x", "x"],
    ["", ""],
  ])("of %s is %s", (name, letter) => {
    expect(firstLetter(name)).toBe(letter);
  });

  it("of a plain name asks for none of the browser's tables", () => {
    vi.stubGlobal("Intl", {
      get Segmenter(): never {
        throw new Error("asked");
      },
    });
    expect(["Oma", "Jörg", "42"].map(firstLetter)).toEqual(["O", "J", "4"]);
  });
});

it.each([
  ["short", 10, "short"],
  ["a longer text", 8, "a longer"],
  ["👍👍👍", 3, "👍"],
  ["Ho\u0308rer", 2, "H"],
  ["so 👨‍👩‍👧‍👦 are we", 8, "so "],
  ["🇩🇪🇦🇹🇨🇭", 7, "🇩🇪"],
  [`a${"\u0301".repeat(300)}`, 100, `a${"\u0301".repeat(99)}`],
  [`😀${"\u0301".repeat(300)}`, 1, ""],
])("%s is cut to %i as %s", (text, most, left) => {
  expect(cut(text, most)).toBe(left);
});
