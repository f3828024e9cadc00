import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { brief } from "../../i18n/times.ts";
import type { Chat, Delivery, MessageKind, Preview } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { ChatAvatar, Icon, steady, usePress, type IconName, type Place } from "../parts/index.ts";
import { now } from "../shell/now.ts";
import { href } from "../shell/route.ts";
import { gone, words } from "../text/words.ts";

const kinds: Partial<Record<MessageKind, IconName>> = {
  photo: "photo",
  video: "video",
  voice: "mic",
  audio: "mic",
  file: "file",
  call: "phone",
};

const ticks: Record<Delivery, IconName> = {
  waiting: "clock",
  sent: "check",
  delivered: "checks",
  read: "checks",
  failed: "alert",
};

/** How far one's own message has come. */
export function Tick({ state }: { state: Delivery }): JSX.Element {
  return (
    <span class={`tick-state ${state}`}>
      <Icon name={ticks[state]} size={16} />
      <span class="unseen">{t(`state.${state}`)}</span>
    </span>
  );
}

/** Who types, in words; undefined when nobody does. */
export function typingWords(names: readonly string[] | undefined, group: boolean): string | undefined {
  if (!names?.length) return undefined;
  if (!group) return t("list.typing");
  return names.length === 1
    ? t("list.someTyping", { name: names[0]! })
    : t("list.manyTyping", { count: names.length });
}

function Last({ last, group }: { last: Preview; group: boolean }): JSX.Element {
  const icon = last.retracted ? "trash" : kinds[last.kind];
  const before = last.retracted ? "" : last.own ? t("list.you") : group && last.who ? `${last.who}:` : "";
  return (
    <>
      {last.own && last.state && <Tick state={last.state} />}
      <span class="cut" dir="auto">
        {before && !(last.own && !group) && `${before} `}
        {icon && <Icon name={icon} size={16} />}
        {last.retracted ? gone(last) : words(last.kind, last.text)}
      </span>
    </>
  );
}

function Second({ chat }: { chat: Chat }): JSX.Element {
  const client = useClient();
  const who = useComputed(() => client.typing.value.get(chat.id));
  const typing = typingWords(who.value, chat.kind === "group");
  if (typing) return <span class="cut typing">{typing}</span>;
  if (chat.draft)
    return (
      <span class="cut" dir="auto">
        <b class="draft">{t("list.draft")}</b> {chat.draft}
      </span>
    );
  return chat.last ? (
    <Last last={chat.last} group={chat.kind === "group"} />
  ) : (
    <span class="cut">{t("chat.empty")}</span>
  );
}

/** One chat of the list; of many, only those are drawn anew of which something changed. */
export const ChatRow = steady(function ChatRow(props: {
  chat: Chat;
  open: boolean;
  onMenu: (chat: string, at: Place) => void;
}): JSX.Element {
  const { chat, open } = props;
  const client = useClient();
  const row = useRef<HTMLAnchorElement>(null);
  usePress(row, {
    menu: (at) => {
      props.onMenu(chat.id, at);
    },
  });
  // Of all who come and go, the one whose row this is.
  const presence = useComputed(() => client.presence.value.get(chat.id));
  return (
    <a ref={row} class="chat-row" href={href("chat", chat.id)} aria-current={open ? "page" : undefined}>
      <ChatAvatar chat={chat} presence={chat.kind === "person" ? presence.value : undefined} />
      <span class="chat-words">
        <span class="chat-line">
          <b class="cut" dir="auto">
            {chat.name}
          </b>
          {chat.lock === "undecided" && (
            <>
              <Icon name="key" size={15} />
              <span class="unseen">{t("lock.undecided")}</span>
            </>
          )}
          <time class={chat.unread && chat.mute === "no" ? "fresh" : undefined}>
            {brief(chat.at, now.value)}
          </time>
        </span>
        <span class="chat-line second">
          <Second chat={chat} />
          <Marks chat={chat} />
        </span>
      </span>
    </a>
  );
});

function Marks({ chat }: { chat: Chat }): JSX.Element {
  return (
    <span class="marks">
      {chat.mute !== "no" && (
        <>
          <Icon name="mute" size={16} />
          <span class="unseen">{t("list.muted")}</span>
        </>
      )}
      {chat.pinned && (
        <>
          <Icon name="pin" size={16} />
          <span class="unseen">{t("list.pinned")}</span>
        </>
      )}
      {chat.mentions > 0 && (
        <span class="count-badge at">
          <Icon name="at" size={14} />
          <span class="unseen">{t("list.mentioned")}</span>
        </span>
      )}
      {chat.unread > 0 && (
        <span class={chat.mute === "no" ? "count-badge" : "count-badge calm"}>
          <span aria-hidden="true">{chat.unread > 99 ? "99+" : chat.unread}</span>
          <span class="unseen">{t("list.unreadCount", { count: chat.unread })}</span>
        </span>
      )}
    </span>
  );
}
