import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Message } from "../../state/model.ts";
import { IconButton } from "../parts/index.ts";
import type { Acts } from "./acts.ts";

/** What can be done at once with the message under the mouse. */
export function Tools({ message, acts }: { message: Message; acts: Acts }): JSX.Element {
  return (
    <div class="tools">
      <IconButton
        icon="face"
        size={20}
        label={t("chat.react")}
        onClick={(event) => {
          acts.picker(message, event.currentTarget as Element);
        }}
      />
      <IconButton
        icon="reply"
        size={20}
        label={t("chat.reply")}
        onClick={() => {
          acts.reply(message);
        }}
      />
      <IconButton
        icon="more"
        size={20}
        label={t("do.more")}
        popup="menu"
        onClick={(event) => {
          acts.menu(message, event.currentTarget as Element);
        }}
      />
    </div>
  );
}
