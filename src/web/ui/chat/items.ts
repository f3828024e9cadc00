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

/** When the calendar day of a time began, asked of one message after the other: the calendar is asked once a day. */
function dayTeller(): (at: number) => number {
  let begin = 0;
  let end = 0;
  return (at) => {
    if (at < begin || at >= end) {
      const date = new Date(at);
      date.setHours(0, 0, 0, 0);
      begin = date.getTime();
      date.setDate(date.getDate() + 1);
      end = date.getTime();
    }
    return begin;
  };
}

/** Messages, oldest first, with lines between days and one before the first unread. */
export function items(messages: readonly Message[], firstUnread?: string): Item[] {
  const found: Item[] = [];
  const dayOf = dayTeller();
  let newDay = true;
  messages.forEach((message, i) => {
    const before = messages[i - 1];
    const after = messages[i + 1];
    const dayEnds = after !== undefined && dayOf(message.at) !== dayOf(after.at);
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
      last: !after || after.id === firstUnread || dayEnds || !follows(message, after),
    });
    newDay = dayEnds;
  });
  return found;
}

/** Whether two are drawn the same, so that the old drawing can stay. */
export function same(a: Item, b: Item): boolean {
  if (a.kind === "message")
    return b.kind === "message" && a.message === b.message && a.first === b.first && a.last === b.last;
  return a.kind === b.kind && a.key === b.key;
}
