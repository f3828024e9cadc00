import type { Attachment, Message } from "../../state/model.ts";
import { pieces } from "../text/links.ts";

/** A message that brings something. */
export type Bringing = Message & { attachment: Attachment };

/** A link, and the message that it stands in. */
export interface Found {
  message: Message;
  link: string;
  /** As it was written. */
  text: string;
}

const brings = (message: Message, ...kinds: Message["kind"][]): message is Bringing =>
  !message.retracted && message.attachment !== undefined && kinds.includes(message.kind);

/** The pictures and films among messages, in their order. */
export const pictured = (messages: readonly Message[]): Bringing[] =>
  messages.filter((message) => brings(message, "photo", "video"));

/** What is neither seen in a picture nor said: documents, music. */
export const files = (messages: readonly Message[]): Bringing[] =>
  messages.filter((message) => brings(message, "file", "audio"));

/** The pages of the web that were spoken of. */
export const links = (messages: readonly Message[]): Found[] =>
  messages.flatMap((message) =>
    message.kind === "notice" || !message.text
      ? []
      : pieces(message.text).flatMap(({ link, text }) =>
          link && /^https?:/.test(link) ? [{ message, link, text }] : [],
        ),
  );

/** Things of one month, which is named by the first of them. */
export interface Month<T> {
  at: number;
  all: T[];
}

/** Months as they follow each other. */
export function months<T>(all: readonly T[], when: (one: T) => number): Month<T>[] {
  const found: Month<T>[] = [];
  const name = (at: number) => [new Date(at).getFullYear(), new Date(at).getMonth()].join();
  for (const one of all) {
    const last = found.at(-1);
    if (last && name(last.at) === name(when(one))) last.all.push(one);
    else found.push({ at: when(one), all: [one] });
  }
  return found;
}
