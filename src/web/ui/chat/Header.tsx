import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { list } from "../../i18n/times.ts";
import type { Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { typingWords } from "../list/ChatRow.tsx";
import {
  ChatAvatar,
  Icon,
  IconButton,
  Menu,
  type IconName,
  type MenuItem,
  type Place,
} from "../parts/index.ts";
import { tell } from "../shell/passing.ts";
import { go, href } from "../shell/route.ts";
import { useState } from "preact/hooks";

/** Of a group's people: the line has room for no more. */
const named = 30;

const locks: Record<Chat["lock"], IconName | undefined> = {
  off: undefined,
  on: "lock",
  verified: "shield",
  undecided: "key",
};

function Second({ chat }: { chat: Chat }): JSX.Element {
  const client = useClient();
  const link = client.link.value;
  const typing = typingWords(client.typing.value.get(chat.id), chat.kind === "group");
  if (link === "connecting") return <>{t("link.connecting")}</>;
  if (typing) return <span class="typing">{typing}</span>;
  if (chat.group) {
    if (chat.group.joined === "joining") return <>{t("chat.joining")}</>;
    if (chat.group.joined === "out") return <>{chat.group.problem ?? t("chat.out")}</>;
    const { people, subject } = chat.group;
    if (people && people.length > 0) return <>{list([...people.slice(0, named), t("who.self")])}</>;
    return <>{subject ?? t("chat.group")}</>;
  }
  const presence = client.presence.value.get(chat.id);
  if (presence) return <>{t(`presence.${presence}`)}</>;
  // Of somebody who shows nothing of this, only the address says who they are.
  return <>{client.people.value.get(chat.id)?.contact === "mutual" ? t("presence.offline") : chat.id}</>;
}

function menu(chat: Chat, act: ReturnType<typeof useClient>["do"]): MenuItem[] {
  const muted = chat.mute !== "no";
  return [
    {
      label: t("chat.details"),
      icon: "info",
      do: () => {
        go(href("details", chat.id));
      },
    },
    {
      label: t("chat.searchHere"),
      icon: "search",
      do: () => {
        go(href("search", chat.id));
      },
    },
    {
      label: muted ? t("list.unmute") : t("list.mute"),
      icon: muted ? "bell" : "mute",
      do: () => {
        tell(act.mute(chat.id, muted ? "no" : "all"));
      },
    },
  ];
}

/** Who one talks with, and how they are. */
export function Header({ chat, onBack }: { chat: Chat; onBack: () => void }): JSX.Element {
  const client = useClient();
  const [at, setAt] = useState<Place>();
  const lock = locks[chat.lock];
  return (
    <header class="pane-top chat-top">
      <IconButton class="chat-back" icon="back" label={t("do.back")} onClick={onBack} />
      <a class="chat-who" href={href("details", chat.id)}>
        <ChatAvatar
          chat={chat}
          size={44}
          presence={chat.kind === "person" ? client.presence.value.get(chat.id) : undefined}
        />
        <span class="chat-words">
          <span class="chat-line">
            <h2 class="cut" dir="auto">
              {chat.name}
            </h2>
            {lock && (
              <span class={`lock ${chat.lock}`} title={t(`lock.${chat.lock as "on"}`)}>
                <Icon name={lock} size={16} />
                <span class="unseen">{t(`lock.${chat.lock as "on"}`)}</span>
              </span>
            )}
          </span>
          <small class="cut" dir="auto">
            <Second chat={chat} />
          </small>
        </span>
      </a>
      <IconButton
        icon="more"
        label={t("do.more")}
        popup="menu"
        onClick={(event) => {
          setAt(event.currentTarget as Element);
        }}
      />
      {at && (
        <Menu
          label={t("do.more")}
          at={at}
          items={menu(chat, client.do)}
          onClose={() => {
            setAt(undefined);
          }}
        />
      )}
    </header>
  );
}
