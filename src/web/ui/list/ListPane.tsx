import "./list.css";
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useCallback, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { unwritten } from "../shell/people.ts";
import {
  Avatar,
  Button,
  Chips,
  Empty,
  Icon,
  LinkButton,
  Menu,
  Skeleton,
  type Place,
} from "../parts/index.ts";
import { href } from "../shell/route.ts";
import { ChatRow } from "./ChatRow.tsx";
import { useNear } from "./near.ts";
import { Unwritten } from "./Unwritten.tsx";
import { useChatMenu } from "./useChatMenu.ts";

export type Which = "all" | "unread" | "groups";

/** The chats of a chip. The open one stays in sight among the unread, so that it does not vanish while it is read. */
export function choose(chats: readonly Chat[], which: Which, open?: string): readonly Chat[] {
  const known = chats.filter((chat) => !chat.request);
  if (which === "groups") return known.filter((chat) => chat.kind === "group");
  if (which === "unread") return known.filter((chat) => chat.unread > 0 || chat.id === open);
  return known;
}

function Top(): JSX.Element {
  const me = useClient().me.value;
  return (
    <header class="pane-top list-top">
      <a class="list-me" href={href("settings")} aria-label={t("list.settings")} title={t("list.settings")}>
        <Avatar address={me.address} name={me.name} picture={me.picture} size={40} />
      </a>
      <h1 tabIndex={-1}>{t("list.title")}</h1>
      <a class="icon-button" href={href("search")} aria-label={t("list.search")} title={t("list.search")}>
        <Icon name="search" />
      </a>
      <a class="icon-button primary" href={href("new")} aria-label={t("list.new")} title={t("list.new")}>
        <Icon name="add" />
      </a>
    </header>
  );
}

function Nothing({ which, onAll }: { which: Which; onAll: () => void }): JSX.Element {
  const mayInvite = useClient().me.value.mayInvite !== false;
  if (which === "unread")
    return (
      <Empty icon="checks" title={t("list.noneUnread")} text={t("list.noneUnreadText")}>
        <Button look="soft" onClick={onAll}>
          {t("list.showAll")}
        </Button>
      </Empty>
    );
  const groups = which === "groups";
  return (
    <Empty
      icon={groups ? "group" : "chat"}
      title={groups ? t("list.noGroups") : t("list.empty")}
      text={groups ? t("list.noGroupsText") : t("list.emptyText")}
    >
      {!groups && <LinkButton href={href("new")}>{t("list.new")}</LinkButton>}
      {mayInvite && (
        <LinkButton href={href("group", "new")} look={groups ? "primary" : "soft"}>
          {t("list.newGroup")}
        </LinkButton>
      )}
    </Empty>
  );
}

function Requests({ count }: { count: number }): JSX.Element {
  return (
    <a class="chat-row requests" href={href("requests")}>
      <span class="row-icon">
        <Icon name="person-add" />
      </span>
      <span class="chat-words">
        <b class="cut">{t("list.requests")}</b>
        <span class="cut">{t("list.requestsHint", { count })}</span>
      </span>
      <span class="count-badge">{count}</span>
    </a>
  );
}

/** The list of chats; behind a page in its place it keeps where somebody was in it. */
export function ListPane(props: { open: string | undefined; behind: boolean }): JSX.Element {
  const { open } = props;
  const client = useClient();
  const which = useSignal<Which>("all");
  const [menu, setMenu] = useState<{ chat: string; at: Place }>();
  const chats = client.chats.value;
  const shown = choose(chats, which.value, open);
  const unread = choose(chats, "unread").length;
  const requests = chats.filter((chat) => chat.request).length;
  const others = which.value === "all" ? unwritten(client.people.value.values(), chats) : [];
  const items = useChatMenu(menu && chats.find((chat) => chat.id === menu.chat));
  const { value: link } = client.link;
  const loading =
    chats.length === 0 && (link === "connecting" || (link === "online" && !client.listed.value));
  const body = useRef<HTMLDivElement>(null);
  const { start, end, before, after } = useNear(shown.length, body);
  const choosing = (value: Which) => {
    which.value = value;
    // Another list begins at its beginning.
    if (body.current) body.current.scrollTop = 0;
  };
  const onMenu = useCallback((chat: string, at: Place) => {
    setMenu({ chat, at });
  }, []);

  return (
    <nav class="list" hidden={props.behind} aria-label={t("list.title")}>
      <Top />
      <div class="list-chips">
        <Chips
          label={t("list.which")}
          value={which.value}
          onChange={choosing}
          options={[
            { value: "all", label: t("list.all") },
            { value: "unread", label: t("list.unread"), count: unread },
            { value: "groups", label: t("list.groups") },
          ]}
        />
      </div>
      <div ref={body} class="pane-body list-body">
        {requests > 0 && which.value === "all" && <Requests count={requests} />}
        {loading ? (
          <Skeleton rows={7} />
        ) : shown.length || others.length ? (
          <>
            <div style={{ height: `${before}px` }} />
            <ul>
              {shown.slice(start, end).map((chat, i) => (
                <li
                  key={chat.id}
                  class={chat.id === open ? "open" : undefined}
                  aria-posinset={start + i + 1}
                  aria-setsize={shown.length}
                >
                  <ChatRow chat={chat} open={chat.id === open} onMenu={onMenu} />
                </li>
              ))}
            </ul>
            <div style={{ height: `${after}px` }} />
          </>
        ) : (
          <Nothing
            which={which.value}
            onAll={() => {
              choosing("all");
            }}
          />
        )}
        {!loading && others.length > 0 && <Unwritten people={others} />}
      </div>
      {menu && items.length > 0 && (
        <Menu
          label={t("do.more")}
          at={menu.at}
          items={items}
          onClose={() => {
            setMenu(undefined);
          }}
        />
      )}
    </nav>
  );
}
