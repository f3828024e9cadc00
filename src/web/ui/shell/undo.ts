import { t } from "../../i18n/index.ts";
import type { Client } from "../../state/client.ts";
import type { Address, Chat } from "../../state/model.ts";
import { say, tell } from "./passing.ts";
import { go, href, route } from "./route.ts";

/** Back to a chat that was on the screen before it went from the list. */
function returning(chat: Address): () => void {
  const { page, rest } = route.peek();
  const open = rest[0] === chat && (page === "chat" || page === "details");
  return () => {
    if (open) go(href("chat", chat));
  };
}

/** Takes a chat out of the list; a press brings it back as it was. */
export function hide(client: Client, chat: Chat): void {
  const back = returning(chat.id);
  const undo = () => client.do.hide(chat.id, false).then(back);
  tell(
    client.do.hide(chat.id, true).then(() => {
      say(t("list.hidden", { name: chat.name }), "calm", undo);
    }),
  );
}

/** Leaves a group; where one can come back by oneself, a press does. */
export async function leave(client: Client, chat: Chat): Promise<void> {
  const back = returning(chat.id);
  const undo = () => client.do.joinGroup(chat.id).then(back);
  const open = await client.do.leaveGroup(chat.id);
  say(t("list.left", { name: chat.name }), "calm", open ? undo : undefined);
}
