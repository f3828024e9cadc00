import "./shell.css";
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Client } from "../../state/client.ts";
import { ChatPane } from "../chat/ChatPane.tsx";
import { ClientContext } from "../context.ts";
import { dialogs } from "../dialogs/index.ts";
import { ListPane } from "../list/ListPane.tsx";
import { Button, Empty, LinkButton, Toasts } from "../parts/index.ts";
import { Later } from "./Later.tsx";
import { back, go, href, route, type Route } from "./route.ts";
import { newVersion } from "./update.ts";

/** Pages that stand in the list's place. */
const beside = new Set(["search", "requests"]);

/** What the panes show for a route; `open` is the chat that was open before it. */
export function panes(at: Route, open: string | undefined, known: (page: string) => boolean) {
  const chat =
    at.page === "chat" || at.page === "details" ? at.rest[0] : at.page === "chats" ? undefined : open;
  const list = beside.has(at.page) && known(at.page) ? at.page : undefined;
  const details = at.page === "details" && chat !== undefined && known("details");
  const over =
    !list && !details && !["chat", "chats", "details"].includes(at.page) && known(at.page)
      ? at.page
      : undefined;
  /** The one pane that a phone has room for. */
  const front = details ? "details" : chat !== undefined && !list ? "chat" : "list";
  return { chat, list, details, over, front } as const;
}

function Lines({ client }: { client: Client }): JSX.Element {
  const link = client.link.value;
  return (
    <div class="shell-lines" aria-live="polite">
      {link === "waiting" && <p class="shell-line">{t("link.waiting")}</p>}
      {newVersion.value && (
        <p class="shell-line update">
          <span>{t("update.ready")}</span>
          <Button look="plain" onClick={newVersion.value}>
            {t("update.do")}
          </Button>
        </p>
      )}
    </div>
  );
}

function useTitle(client: Client): void {
  useSignalEffect(() => {
    let unread = 0;
    for (const chat of client.chats.value) if (chat.mute === "no") unread += chat.unread;
    document.title = unread ? `(${unread}) ${t("app.name")}` : t("app.name");
  });
}

/** Everything after sign-in: the list and the chat side by side, one of them on a phone, and what is opened over them. */
export function Shell({ client }: { client: Client }): JSX.Element {
  const at = route.value;
  const before = useRef<string | undefined>(undefined);
  const shown = panes(at, before.current, (page) => page in dialogs);
  before.current = shown.chat;
  useTitle(client);
  const close = () => {
    back(shown.chat === undefined ? href("chats") : href("chat", shown.chat));
  };

  return (
    <ClientContext.Provider value={client}>
      <div class={`shell front-${shown.front}${shown.details ? " with-details" : ""}`}>
        <Lines client={client} />
        <div class="pane-list">
          {shown.list ? (
            <Later key={shown.list} load={dialogs[shown.list]!} rest={at.rest} onClose={close} />
          ) : (
            <ListPane open={shown.chat} />
          )}
        </div>
        <main class="pane-chat">
          {shown.chat === undefined ? (
            <Empty icon="chat" title={t("list.nothingOpen")} text={t("list.nothingOpenText")}>
              <LinkButton href={href("new")} icon="add" look="soft">
                {t("list.new")}
              </LinkButton>
            </Empty>
          ) : (
            <ChatPane
              key={shown.chat}
              id={shown.chat}
              jump={at.page === "chat" ? at.rest[1] : undefined}
              onBack={() => {
                go(href("chats"), { replace: true });
              }}
            />
          )}
        </main>
        {shown.details && (
          <aside class="pane-details">
            <Later key={shown.chat} load={dialogs["details"]!} rest={at.rest} onClose={close} />
          </aside>
        )}
      </div>
      {shown.over && <Later key={shown.over} load={dialogs[shown.over]!} rest={at.rest} onClose={close} />}
      <Toasts toasts={client.toasts.value} onDismiss={(id) => void client.do.dismiss(id)} />
    </ClientContext.Provider>
  );
}
