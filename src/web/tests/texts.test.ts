import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { dialogs as german } from "../../i18n/de/dialogs.ts";
import { chat } from "../../i18n/en/chat.ts";
import { common } from "../../i18n/en/common.ts";
import { composer } from "../../i18n/en/composer.ts";
import { dialogs } from "../../i18n/en/dialogs.ts";
import { errors } from "../../i18n/en/errors.ts";
import { shell } from "../../i18n/en/shell.ts";

const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

it("has no text twice: the later one would silently hide the other", () => {
  const others = Object.keys({ ...common, ...shell, ...chat, ...composer, ...errors });
  expect(others.filter((key) => key in dialogs)).toEqual([]);
});

it("fills in the same in both languages", () => {
  for (const [key, text] of Object.entries(dialogs)) {
    const other = german[key as keyof typeof german];
    const all = (one: typeof text | typeof other) => (typeof one === "string" ? [one] : [one.one, one.other]);
    expect(all(other).map(holes), key).toEqual(all(text).map(holes));
  }
});

it("speaks of no protocol", () => {
  for (const text of [...Object.values(dialogs), ...Object.values(german)])
    expect(JSON.stringify(text)).not.toMatch(
      /\b(JID|roster|MUC|OMEMO|stanza|subscription|XMPP|affiliation)\b/i,
    );
});

it("comes with every page that is loaded later", () => {
  const folder = join(import.meta.dirname, "../../ui/dialogs");
  const loaded = [...readFileSync(join(folder, "index.ts"), "utf8").matchAll(/import\("([^"]+)"\)/g)];
  expect(loaded.length).toBeGreaterThan(8);
  for (const [, file] of loaded)
    expect(readFileSync(join(folder, file!), "utf8"), file).toMatch(/^import "[./a-z]*\/texts\.ts";$/m);
});
