import type { Delivery, Message } from "../../state/model.ts";

/** Pictures that somebody sends within this time of each other were chosen together. */
const together = 60_000;

/** A photo or a film that can be looked at in its place. */
export function isPicture({ kind, attachment, retracted }: Message): boolean {
  return (kind === "photo" || kind === "video") && attachment !== undefined && !retracted;
}

/** What went wrong, and what answers something, stands for itself. */
const stands = (message: Message): boolean =>
  isPicture(message) && message.state !== "failed" && message.quote === undefined;

/**
 * Where the pictures end that were sent together with the one at `start` (not included). A few words may stand with the first
 * or with the last of them; with what comes after words, others begin. `parted`: whether a line is drawn before a message.
 */
export function albumEnd(
  messages: readonly Message[],
  start: number,
  parted: (at: number) => boolean,
): number {
  const first = messages[start]!;
  let end = start + 1;
  if (!stands(first)) return end;
  for (let before = first; end < messages.length; end++) {
    const next = messages[end]!;
    const goesOn =
      stands(next) &&
      !parted(end) &&
      next.own === first.own &&
      next.from === first.from &&
      next.at - before.at < together;
    if (!goesOn || (next.text && first.text)) return end;
    if (next.text) return end + 1;
    before = next;
  }
  return end;
}

/** Who of them is meant where all are: the one with the words, else the last. */
export function spokesman(messages: readonly Message[]): Message {
  return messages.find((message) => message.text) ?? messages.at(-1)!;
}

const ways: readonly Delivery[] = ["failed", "waiting", "sent", "delivered", "read"];

/** How far all of them have come. */
export function leastOf(messages: readonly Message[]): Delivery | undefined {
  return ways.find((way) => messages.some(({ state }) => state === way));
}

/** So many are drawn; what is beyond them is counted. */
export const most = 4;

/** Those that stand in the place of the last one that is drawn. */
export const lastOf = (messages: readonly Message[]): readonly Message[] =>
  messages.slice(Math.min(messages.length, most) - 1);

const wide = ({ attachment }: Message): boolean => (attachment?.width ?? 0) > (attachment?.height ?? 0);
const tall = ({ attachment }: Message): boolean => (attachment?.height ?? 0) > (attachment?.width ?? 0);

/** How pictures stand beside each other; known before they are there, so that nothing moves when they come. */
export function shape(messages: readonly Message[]): "rows" | "pair" | "below" | "beside" | "square" {
  if (messages.length === 2) return messages.every(wide) ? "rows" : "pair";
  if (messages.length === 3) return tall(messages[0]!) ? "beside" : "below";
  return "square";
}
