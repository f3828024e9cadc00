import type { Message } from "../../state/model.ts";
import { albumEnd, spokesman } from "./albums.ts";

/** A line of a chat as it is drawn. */
export type Item =
  | { kind: "day"; key: string; at: number }
  | { kind: "new"; key: string }
  | {
      kind: "message";
      /** The id of the first of them. */
      key: string;
      /** Pictures that were sent together; else one alone. */
      messages: readonly Message[];
      /** Who of them is meant where all are. */
      message: Message;
      first: boolean;
      last: boolean;
    };

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
  const days = messages.map(({ at }) => dayOf(at));
  const newDay = (i: number) => days[i] !== days[i - 1];
  const parted = (i: number) => newDay(i) || messages[i]!.id === firstUnread;
  for (let i = 0, end; i < messages.length; i = end) {
    const message = messages[i]!;
    const after = messages[(end = albumEnd(messages, i, parted))];
    const all = messages.slice(i, end);
    if (newDay(i))
      found.push({
        kind: "day",
        key: `day ${new Date(message.at).toDateString()} ${message.id}`,
        at: message.at,
      });
    if (message.id === firstUnread) found.push({ kind: "new", key: "new" });
    found.push({
      kind: "message",
      key: message.id,
      messages: all,
      message: spokesman(all),
      first: parted(i) || !follows(messages[i - 1], message),
      last: !after || parted(end) || !follows(all.at(-1), after),
    });
  }
  return found;
}

/** Whether a line is, or holds, a message. */
export const holds = (line: Item, message: string | undefined): boolean =>
  line.kind === "message" && line.messages.some(({ id }) => id === message);

/** Whether two are drawn the same, so that the old drawing can stay. */
export function same(a: Item, b: Item): boolean {
  if (a.kind !== "message" || b.kind !== "message") return a.kind === b.kind && a.key === b.key;
  return (
    a.first === b.first &&
    a.last === b.last &&
    a.messages.length === b.messages.length &&
    a.messages.every((message, i) => message === b.messages[i])
  );
}
