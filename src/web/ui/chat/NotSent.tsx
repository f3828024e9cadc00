import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Message } from "../../state/model.ts";
import type { Acts } from "./acts.ts";

/** Why a message was not sent, and what can be done about it. */
export function NotSent({ message, acts }: { message: Message; acts: Acts }): JSX.Element {
  return (
    <p class="not-sent">
      <span>
        {t("state.failed")}
        {message.problem && ` · ${message.problem}`}
      </span>
      <button
        type="button"
        onClick={() => {
          acts.retry(message);
        }}
      >
        {t("do.retry")}
      </button>
      <button
        type="button"
        onClick={() => {
          acts.cancel(message);
        }}
      >
        {t("chat.discard")}
      </button>
    </p>
  );
}
