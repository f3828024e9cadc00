import { t } from "../../i18n/index.ts";
import type { Message } from "../../state/model.ts";
import { gone, words } from "../text/words.ts";
import type { MessageItem } from "./items.ts";

/** What a message says, to be read out. */
export function contents(message: Message): string {
  if (message.retracted) return gone(message);
  const { kind, text, attachment } = message;
  return text || !attachment || (kind !== "file" && kind !== "audio")
    ? words(kind, text)
    : `${t(`kind.${kind}`)}: ${attachment.name}`;
}

/** What a line of a chat says, to be read out. */
export function lineContents({ message, messages }: MessageItem): string {
  if (messages.length === 1) return contents(message);
  return [t("chat.pictures", { count: messages.length }), message.text && contents(message)]
    .filter(Boolean)
    .join(", ");
}
