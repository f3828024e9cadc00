import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { de } from "../i18n/de/index.ts";
import { dialogs } from "../i18n/en/dialogs.ts";
import { en as first } from "../i18n/en/index.ts";
import type { Text } from "../i18n/index.ts";

const web = join(import.meta.dirname, "..");
const english: [string, Text][] = Object.entries({ ...first, ...dialogs });
const german: Readonly<Record<string, Text>> = de;
const forms = (text: Text): string[] => (typeof text === "string" ? [text] : [text.one, text.other]);
const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

it("has no text twice: the later one would silently hide the other", () => {
  expect(Object.keys(first).filter((key) => key in dialogs)).toEqual([]);
});

it("is whole in German, and fills in the same", () => {
  expect(Object.keys(german).sort()).toEqual(english.map(([key]) => key).sort());
  for (const [key, text] of english)
    expect(forms(german[key]!).map(holes), key).toEqual(forms(text).map(holes));
});

it("speaks of no protocol", () => {
  for (const text of [...english.map(([, text]) => text), ...Object.values(german)])
    expect(JSON.stringify(text)).not.toMatch(
      /\b(JID|roster|MUC|OMEMO|stanza|subscription|XMPP|affiliation)\b/i,
    );
});

it("calls one thing by one name: what is the same in English is the same in German", () => {
  const names = new Map<string, Set<string>>();
  for (const [key, text] of english) {
    const name = JSON.stringify(text);
    names.set(name, (names.get(name) ?? new Set()).add(JSON.stringify(german[key])));
  }
  expect([...names].filter(([, all]) => all.size > 1)).toEqual([]);
});

/** All code that may ask for a text. */
function code(): string {
  const files = ["ui", "state", "i18n"].flatMap((folder) =>
    readdirSync(join(web, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  );
  const wanted = files.filter((file) => /\.tsx?$/.test(file) && !/i18n\/(en|de)\//.test(file));
  return wanted.map((file) => readFileSync(join(web, file), "utf8")).join("\n");
}

it("has a user for each text", () => {
  const text = code();
  // `state.${state}` and the like, where the key is made of a value.
  const made = [...text.matchAll(/t\(`([^`]+)`/g)].map(
    ([, key]) => new RegExp(`^${key!.replaceAll(".", "\\.").replace(/\$\{[^}]*\}/g, "\\w+")}$`),
  );
  const unused = english.filter(([key]) => !text.includes(`"${key}"`) && !made.some((one) => one.test(key)));
  expect(unused.map(([key]) => key)).toEqual([]);
});

it("comes with every page that is loaded later", () => {
  const loaded = ["ui/shell/pages.ts", "ui/dialogs/index.ts"].flatMap((table) =>
    [...readFileSync(join(web, table), "utf8").matchAll(/import\("([^"]+)"\)/g)].map(([, file]) =>
      join(web, table, "..", file!),
    ),
  );
  expect(loaded.length).toBeGreaterThan(8);
  for (const file of loaded)
    expect(readFileSync(file, "utf8"), file).toMatch(/^import "[./a-z]*\/texts\.ts";$/m);
});
