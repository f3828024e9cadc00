import type { dialogs } from "./en/dialogs.ts";
import { en } from "./en/index.ts";

/** A text with `{name}` for what is filled in, or two of them, chosen by `count`. */
export type Text = string | { readonly one: string; readonly other: string };
export type Key = keyof typeof en | keyof typeof dialogs;
export type Texts = Readonly<Record<Key, Text>>;
export type Language = "en" | "de";
export type Values = Readonly<Record<string, string | number>>;

let english: Partial<Texts> = en;
let texts = english;
let language: Language = "en";

/** The language now in use. */
export function current(): Language {
  return language;
}

/** The tag for dates, numbers and lists: the browser's own of this language ("de-AT"), so that its region's habits hold. */
export function locale(): string {
  const wishes = typeof navigator === "undefined" ? [] : navigator.languages;
  return wishes.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

/** The best of ours for a wish; `auto` asks the browser. */
export function choose(wish: Language | "auto"): Language {
  if (wish !== "auto") return wish;
  const wishes = typeof navigator === "undefined" ? [] : navigator.languages;
  for (const tag of wishes) {
    const name = tag.toLowerCase().split("-")[0];
    if (name === "de" || name === "en") return name;
  }
  return "en";
}

/** English texts of pages that are loaded later; German is loaded as a whole. */
export function extend(more: Partial<Texts>): void {
  english = { ...english, ...more };
  if (language === "en") texts = english;
}

/** Takes a language into use. What is on the screen must be drawn anew afterwards. */
export async function use(wish: Language | "auto"): Promise<void> {
  const next = choose(wish);
  texts = next === "de" ? (await import("./de/index.ts")).de : english;
  language = next;
}

/** The text of a key, filled in. A plural takes its number from `count`. */
export function t(key: Key, values: Values = {}): string {
  const text: Text | undefined = texts[key];
  if (text === undefined) return key;
  const chosen = typeof text === "string" ? text : values["count"] === 1 ? text.one : text.other;
  return chosen.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = values[name];
    return value === undefined ? hole : typeof value === "number" ? value.toLocaleString(locale()) : value;
  });
}
