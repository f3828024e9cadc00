import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Chat, Message } from "../../state/model.ts";
import { choose } from "./selection.ts";
import { IconButton, Menu, type MenuItem, type Place } from "../parts/index.ts";

const quick = ["👍", "❤️", "😂", "😮", "😢", "🙏"] as const;

/** Words, and the caption of a file where it goes with the file. */
function mayEdit({ own, kind, text, attachment, encrypted }: Message): boolean {
  return own && (kind === "text" || (attachment !== undefined && text !== "" && !encrypted));
}

export interface MenuActs {
  reply: (message: Message) => void;
  edit: (message: Message) => void;
  copy: (message: Message) => void;
  /** Opens one of the sheets of a message. */
  sheet: (which: SheetName, message: Message) => void;
}

export type SheetName = "forward" | "info" | "delete";

/** What can be done with a message, in the order of use. */
export function choices(message: Message, chat: Chat, acts: MenuActs): MenuItem[] {
  const there = !message.retracted && message.kind !== "notice";
  const sent = message.state !== "waiting" && message.state !== "failed";
  const mayWrite = chat.group ? chat.group.joined === "in" && chat.group.voice : true;
  const to = (which: SheetName) => () => {
    acts.sheet(which, message);
  };
  const found: MenuItem[] = [];
  const add = (when: boolean, item: MenuItem) => {
    if (when) found.push(item);
  };
  add(there && sent && mayWrite, {
    label: t("chat.reply"),
    icon: "reply",
    do: () => {
      acts.reply(message);
    },
  });
  add(there && message.text !== "", {
    label: t("do.copy"),
    icon: "copy",
    do: () => {
      acts.copy(message);
    },
  });
  add(there && sent && mayEdit(message), {
    label: t("chat.edit"),
    icon: "edit",
    do: () => {
      acts.edit(message);
    },
  });
  add(there && sent && message.kind !== "call", {
    label: t("chat.forward"),
    icon: "forward",
    do: to("forward"),
  });
  add(there, {
    label: t("chat.choose"),
    icon: "checks",
    do: () => {
      choose(message.id);
    },
  });
  add(true, { label: t("chat.info"), icon: "info", do: to("info") });
  add(sent, {
    label: t("chat.delete"),
    icon: "trash",
    wrong: true,
    do: to("delete"),
  });
  return found;
}

/** The menu of a message, with the feelings people have most above it. */
export function MessageMenu(props: {
  message: Message;
  chat: Chat;
  at: Place;
  acts: MenuActs;
  onReact: (emoji: string) => void;
  onPicker: (at: Place) => void;
  onClose: () => void;
}): JSX.Element {
  const { message } = props;
  const own = new Set(message.reactions.filter((one) => one.own).map((one) => one.emoji));
  const mayReact =
    !message.retracted &&
    message.kind !== "notice" &&
    message.state !== "waiting" &&
    message.state !== "failed";
  return (
    <Menu
      label={t("chat.message")}
      at={props.at}
      items={choices(message, props.chat, props.acts)}
      onClose={props.onClose}
    >
      {mayReact && (
        <div class="quick" role="group" aria-label={t("chat.react")}>
          {quick.map((emoji) => (
            <button
              key={emoji}
              type="button"
              aria-label={emoji}
              aria-pressed={own.has(emoji)}
              onClick={() => {
                props.onClose();
                props.onReact(emoji);
              }}
            >
              {emoji}
            </button>
          ))}
          <IconButton
            icon="add"
            label={t("chat.moreReactions")}
            onClick={() => {
              props.onClose();
              props.onPicker(props.at);
            }}
          />
        </div>
      )}
    </Menu>
  );
}
