import { remove } from "../../store/store.ts";
import { preview, type Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Messages } from "../messages/messages.ts";
import type { Outbox } from "./outbox.ts";

interface Parts {
  readonly core: Core;
  readonly chats: Chats;
  readonly messages: Messages;
  readonly outbox: Outbox;
}

/** How far back the list looks for what it shows of a chat. */
const BACK = 50;

/** Takes a message away from this device alone, with its file; what has not been sent yet is not sent. */
export async function removeHere({ core, chats, messages, outbox }: Parts, id: string): Promise<void> {
  if (await outbox.cancel(id)) return;
  await messages.change(async (work) => {
    const row = await work.message(id);
    if (!row) return;
    const { attachment, quote: _, problem: _problem, ...left } = row;
    work.put({ ...left, kind: "text", text: "", reactions: {}, mention: false, removed: true });
    if (attachment?.url) work.also(remove("files", `file ${attachment.url}`));
    const chat = chats.get(row.chat);
    if (chat?.preview?.message !== id) return;
    const older = await core.store.stretch(row.chat, undefined, "older", BACK);
    const last = older.find((one) => one.id !== id && !one.removed);
    if (last) chat.preview = preview(last);
    else delete chat.preview;
    work.touch(chat);
  });
}
