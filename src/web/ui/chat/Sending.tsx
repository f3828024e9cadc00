import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Message } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Icon, Spinner } from "../parts/index.ts";
import type { Acts } from "./acts.ts";

/** How far it has gone up, and a way to stop it. */
export function Sending({
  message,
  acts,
  plain,
}: {
  message: Message;
  acts: Acts;
  plain?: boolean;
}): JSX.Element | null {
  const transfer = useClient().transfers.value.get(message.id);
  if (message.state !== "waiting") return null;
  return (
    <button
      type="button"
      class={plain ? "sending plain" : "sending"}
      aria-label={t("media.cancel")}
      title={t("media.cancel")}
      onClick={(event) => {
        event.stopPropagation();
        acts.cancel(message);
      }}
    >
      <Spinner size={44} done={transfer?.done} />
      <Icon name="close" size={18} />
    </button>
  );
}
