import { letters } from "../../i18n/letters.ts";

const one =
  /^(?:\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3|\p{Extended_Pictographic}[\ufe0f\u200d\p{Emoji_Modifier}\p{Extended_Pictographic}\u{e0020}-\u{e007f}\u2640\u2642]*)$/u;

/** How many emoji a text is made of, when it is of nothing else; otherwise 0. */
export function onlyEmoji(text: string): number {
  const bare = text.trim();
  if (!bare || bare.length > 64) return 0;
  let count = 0;
  for (const segment of letters(bare)) {
    if (!segment.trim()) continue;
    if (!one.test(segment)) return 0;
    count++;
  }
  return count;
}
