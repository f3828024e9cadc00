import type { Message } from "../../state/model.ts";
import type { Place } from "../parts/index.ts";

/** What can be done from a message; the same object as long as the chat is open. */
export interface Acts {
  menu: (message: Message, at: Place) => void;
  reply: (message: Message) => void;
  jump: (message: string | undefined) => void;
  react: (message: Message, emoji: string) => void;
  picker: (message: Message, at: Place) => void;
  view: (message: Message) => void;
  retry: (message: Message) => void;
  cancel: (message: Message) => void;
  /** Names that can be called with an `@` here. */
  names: readonly string[];
}
