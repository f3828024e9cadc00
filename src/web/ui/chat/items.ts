import { daysBetween } from "../../i18n/times.ts";
import type { Message } from "../../state/model.ts";

/** A line of a chat as it is drawn. */
export type Item =
  | { kind: "day"; key: string; at: number }
  | { kind: "new"; key: string }
  | { kind: "message"; key: string; message: Message; first: boolean; last: boolean };

export type MessageItem = Extract<Item, { kind: "message" }>;

/** Words of one person within this time stand together. */
const together = 5 * 60_000;

function follows(before: Message | undefined, message: Message): boolean {
  return (
    before !== undefined &&
    before.kind !== "notice" &&
    message.kind !== "notice" &&
    before.own === message.own &&
    before.from === message.from &&
    message.at - before.at < together
  );
}

/** Messages, oldest first, with lines between days and one before the first unread. */
export function items(messages: readonly Message[], firstUnread?: string): Item[] {
  const found: Item[] = [];
  messages.forEach((message, i) => {
    const before = messages[i - 1];
    const after = messages[i + 1];
    const newDay = !before || daysBetween(before.at, message.at) !== 0;
    const isNew = message.id === firstUnread;
    if (newDay)
      found.push({
        kind: "day",
        key: `day ${new Date(message.at).toDateString()} ${message.id}`,
        at: message.at,
      });
    if (isNew) found.push({ kind: "new", key: "new" });
    found.push({
      kind: "message",
      key: message.id,
      message,
      first: newDay || isNew || !follows(before, message),
      last:
        !after ||
        after.id === firstUnread ||
        daysBetween(message.at, after.at) !== 0 ||
        !follows(message, after),
    });
  });
  return found;
}

/** Whether two are drawn the same, so that the old drawing can stay. */
export function same(a: Item, b: Item): boolean {
  if (a.kind === "message")
    return b.kind === "message" && a.message === b.message && a.first === b.first && a.last === b.last;
  return a.kind === b.kind && a.key === b.key;
}
