import { t } from "../../i18n/index.ts";
import type { Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import type { MenuItem } from "../parts/index.ts";
import { tell } from "../shell/passing.ts";
import { go, href } from "../shell/route.ts";
import { hide } from "../shell/undo.ts";

/** What can be done with a chat from the list. */
export function useChatMenu(chat: Chat | undefined): MenuItem[] {
  const client = useClient();
  const { do: act } = client;
  if (!chat) return [];
  const muted = chat.mute !== "no";
  return [
    {
      label: chat.pinned ? t("list.unpin") : t("list.pin"),
      icon: "pin",
      do: () => {
        tell(act.pin(chat.id, !chat.pinned));
      },
    },
    {
      label: muted ? t("list.unmute") : t("list.mute"),
      icon: muted ? "bell" : "mute",
      do: () => {
        tell(act.mute(chat.id, muted ? "no" : "all"));
      },
    },
    {
      label: t("chat.details"),
      icon: "info",
      do: () => {
        go(href("details", chat.id));
      },
    },
    {
      label: t("list.hide"),
      icon: "archive",
      do: () => {
        hide(client, chat);
      },
    },
  ];
}
