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
