import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Chat, Message } from "../../state/model.ts";
import type { Place } from "../parts/index.ts";
import { copy } from "../shell/copy.ts";
import { say, tell } from "../shell/passing.ts";
import type { Acts } from "./acts.ts";
import { EmojiPopup, MediaViewer, messageSheet } from "./later.ts";
import { chosenOf } from "./selection.ts";
import { MessageMenu, type SheetName } from "./MessageMenu.tsx";

/** What is open over a chat, of which message. */
export type Over =
  | { what: "menu"; message: string; at: Place }
  | { what: "picker"; message: string; at: Place }
  // Of all that are chosen, the first of them is named.
  | { what: SheetName; message: string; all?: true }
  | { what: "viewer"; message: string };

/** What lies over a chat: a menu, feelings to choose from, a sheet, or the viewer of its pictures. */
export function OverChat(props: {
  chat: Chat;
  messages: readonly Message[];
  over: Over;
  acts: Acts;
  onOver: (over: Over) => void;
  onEdit: (message: Message) => void;
  onClose: () => void;
}): JSX.Element | null {
  const { over, messages, acts, onClose } = props;
  if (over.what === "viewer")
    return <MediaViewer messages={messages} first={over.message} onClose={onClose} />;
  const message = messages.find((one) => one.id === over.message);
  if (!message) return null;
  if (over.what === "menu")
    return (
      <MessageMenu
        message={message}
        chat={props.chat}
        at={over.at}
        acts={{
          reply: acts.reply,
          edit: props.onEdit,
          copy: ({ text }) => {
            tell(
              copy(text).then(() => {
                say(t("chat.copied"));
              }),
            );
          },
          sheet: (what, { id }) => {
            props.onOver({ what, message: id });
          },
        }}
        onReact={(emoji) => {
          acts.react(message, emoji);
        }}
        onPicker={(at) => {
          props.onOver({ what: "picker", message: message.id, at });
        }}
        onClose={onClose}
      />
    );
  if (over.what === "picker")
    return (
      <EmojiPopup
        at={over.at}
        onClose={onClose}
        onPick={(emoji: string) => {
          acts.react(message, emoji);
          onClose();
        }}
      />
    );
  const Sheet = messageSheet(over.what);
  return Sheet ? <Sheet messages={over.all ? chosenOf(messages) : [message]} onClose={onClose} /> : null;
}
