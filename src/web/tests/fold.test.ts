import { expect, it } from "vitest";
import { fold, folded, wordsOf } from "../i18n/fold.ts";

it.each([
  ["Ärger", "arger"],
  ["STRASSE und Straße", "strasse und strasse"],
  ["İstanbul ıstakoz", "istanbul istakoz"],
  ["ΟΔΟΣ οδος", "οδοσ οδοσ"],
  ["Łódź, Ærø", "lodz, aero"],
  ["ﬁne ＡＢＣ", "fine abc"],
])("%s is looked for as %s", (text, plain) => {
  expect(fold(text)).toBe(plain);
  expect(folded(text).plain).toBe(plain);
});

it("tells where each letter came from", () => {
  const { plain, from } = folded("👍 Maß!");
  expect(plain).toBe("👍 mass!");
  expect(from.slice(plain.indexOf("ss"))).toEqual([5, 5, 6, 7]);
});

it("takes what is looked for apart into words", () => {
  expect(wordsOf("  Über  BRÜCKE ")).toEqual(["uber", "brucke"]);
});
