import { t } from "../../i18n/index.ts";
import type { Message } from "../../state/model.ts";
import { words } from "../list/ChatRow.tsx";

/** What a message says, to be read out. */
export function contents(message: Message): string {
  if (message.retracted) return message.own ? t("chat.retractedOwn") : t("chat.retracted");
  return words(message.kind, message.text);
}
