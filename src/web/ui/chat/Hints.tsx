import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Icon } from "../parts/index.ts";
import { href } from "../shell/route.ts";

/** A key that waits for a decision is said in one quiet line. */
export function Undecided({ chat }: { chat: Chat }): JSX.Element | null {
  if (chat.lock !== "undecided") return null;
  return (
    <a class="chat-undecided" href={href("details", chat.id, "keys")}>
      <Icon name="key" size={18} />
      <span>{t("lock.undecidedText", { name: chat.name })}</span>
    </a>
  );
}

/** Somebody whom one already talks with wants to be a contact. */
export function Asks({ chat }: { chat: Chat }): JSX.Element | null {
  const person = useClient().people.value.get(chat.id);
  if (person?.contact !== "asks" || person.blocked || chat.request) return null;
  return (
    <a class="chat-undecided" href={href("details", chat.id)}>
      <Icon name="person-add" size={18} />
      <span>{t("chat.asks", { name: chat.name })}</span>
    </a>
  );
}
