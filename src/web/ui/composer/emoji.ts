import { current } from "../../i18n/index.ts";
import { data } from "./emoji-data.ts";

export interface Emoji {
  emoji: string;
  /** In the language in use. */
  name: string;
  /** To be found by, in both languages. */
  words: string;
  tones: boolean;
}

export type GroupName = keyof typeof data;

let known: { language: string; groups: { name: GroupName; list: Emoji[] }[] } | undefined;

/** All of them, by kind. A line of the data is `EMOJI english|deutsch`; a `+` after the emoji says that it has skin tones. */
export function groups(): { name: GroupName; list: Emoji[] }[] {
  if (known?.language === current()) return known.groups;
  const made = (Object.keys(data) as GroupName[]).map((name) => ({
    name,
    list: data[name]
      .trim()
      .split("\n")
      .map((line): Emoji => {
        const space = line.indexOf(" ");
        const sign = line.slice(0, space);
        const [english = "", german = ""] = line.slice(space + 1).split("|");
        return {
          emoji: sign.replace("+", ""),
          name: current() === "de" ? german : english,
          words: `${english} ${german}`.toLowerCase(),
          tones: sign.endsWith("+"),
        };
      }),
  }));
  known = { language: current(), groups: made };
  return made;
}

/** Those that have words beginning with each word looked for. */
export function search(text: string): Emoji[] {
  const wanted = text.trim().toLowerCase().split(/\s+/);
  return groups()
    .flatMap((group) => group.list)
    .filter((one) => {
      const words = one.words.split(/[\s-]+/);
      return wanted.every((part) => one.emoji === part || words.some((word) => word.startsWith(part)));
    });
}

/** The emoji in a skin tone, where it has one: after its first sign, instead of a selector of variation. */
export function toned(one: Emoji, tone: string): string {
  if (!one.tones || !tone) return one.emoji;
  const [first = "", ...rest] = one.emoji;
  return first + tone + rest.join("").replace(/^\ufe0f/, "");
}
