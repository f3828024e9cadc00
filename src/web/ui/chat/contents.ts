import { t } from "../../i18n/index.ts";
import type { Message } from "../../state/model.ts";
import { words } from "../text/words.ts";

/** What a message says, to be read out. */
export function contents(message: Message): string {
  if (message.retracted) return message.own ? t("chat.retractedOwn") : t("chat.retracted");
  const { kind, text, attachment } = message;
  return text || !attachment || (kind !== "file" && kind !== "audio")
    ? words(kind, text)
    : `${t(`kind.${kind}`)}: ${attachment.name}`;
}
