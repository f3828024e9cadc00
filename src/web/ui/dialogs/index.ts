import type { Chat, Message } from "../../state/model.ts";
import type { Load } from "../parts/lazy.tsx";

export interface MessageSheet {
  /** Oldest first; at least one. */
  messages: readonly Message[];
  onClose: () => void;
}

/** What a chat opens over itself. */
export const sheets = {
  forward: () => import("./Forward.tsx").then((m) => m.ForwardSheet),
  info: () => import("./MessageInfo.tsx").then((m) => m.MessageInfo),
  delete: () => import("./DeleteMessage.tsx").then((m) => m.DeleteMessage),
} satisfies Record<string, Load<MessageSheet>>;

/** In a request's chat, in place of the composer. */
export const requestBar: Load<{ chat: Chat }> = () => import("./Requests.tsx").then((m) => m.RequestBar);
