import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Message } from "../../state/model.ts";
import { Quoted } from "../chat/Quoted.tsx";
import { Icon, IconButton } from "../parts/index.ts";
import { speaker } from "../text/who.ts";

/** What the next words are: an answer, or a better version. */
export interface Doing {
  kind: "reply" | "edit";
  message: Message;
}

/** Over the field: which message the next words are about. */
export function DoingBar({ doing, onClose }: { doing: Doing; onClose: () => void }): JSX.Element {
  const { message } = doing;
  const who = doing.kind === "edit" ? t("composer.editing") : speaker(message);
  return (
    <div class="composer-bar">
      <Icon name={doing.kind} size={20} />
      <Quoted quote={{ who, text: message.text, kind: message.kind }} />
      <IconButton icon="close" size={20} label={t("do.cancel")} onClick={onClose} />
    </div>
  );
}
