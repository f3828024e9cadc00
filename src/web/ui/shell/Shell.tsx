import "./shell.css";
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { clock } from "../../i18n/times.ts";
import type { Client } from "../../state/client.ts";
import { ChatPane } from "../chat/ChatPane.tsx";
import { ClientContext } from "../context.ts";
import { ListPane } from "../list/ListPane.tsx";
import { Button, Empty, LinkButton, Toasts } from "../parts/index.ts";
import { useFocus } from "./focus.ts";
import { Later } from "./Later.tsx";
import { pageOf, panes } from "./panes.ts";
import { WayContext, type Way } from "./way.ts";
import { back, go, href, leave, route } from "./route.ts";
import { dismiss, passing, tell } from "./passing.ts";
import { newVersion } from "./update.ts";

/** Loads the browser's tables for times, which on a phone takes longer than to draw the list that needs them. */
export function warm(): void {
  clock(Date.now());
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

/** How pages lead to each other. */
function useWay(open: { current: string | undefined }): Way {
  return useMemo(() => {
    const home = () => (open.current === undefined ? href("chats") : href("chat", open.current));
    return {
      open: (page, ...rest) => {
        go(href(page, ...rest));
      },
      chat: (address, message) => {
        go(href("chat", address, ...(message ? [message] : [])), { replace: true });
      },
      media: (chat) => {
        go(href("media", chat));
      },
      back: () => {
        back(home());
      },
      close: () => {
        leave(home());
      },
    };
  }, [open]);
}

function Nothing(): JSX.Element {
  return (
    <Empty icon="chat" title={t("list.nothingOpen")} text={t("list.nothingOpenText")}>
      <LinkButton href={href("new")} icon="add" look="soft">
        {t("list.new")}
      </LinkButton>
    </Empty>
  );
}

/** Everything after sign-in: the list and the chat side by side, one of them on a phone, and what is opened over them. */
export function Shell({ client }: { client: Client }): JSX.Element {
  const at = route.value;
  const open = useRef<string | undefined>(undefined);
  const shown = panes(at, open.current);
  open.current = shown.chat;
  const way = useWay(open);
  const frame = useRef<HTMLDivElement>(null);
  const main = useRef<HTMLElement>(null);
  useFocus(frame, shown);
  useTitle(client);
  const later = (page: string | undefined) => {
    const found = page === undefined ? undefined : pageOf(page);
    return found && <Later key={page} load={found.load} rest={at.rest} onClose={way.close} />;
  };

  return (
    <ClientContext.Provider value={client}>
      <WayContext.Provider value={way}>
        <div ref={frame} class={`shell front-${shown.front}${shown.details ? " with-details" : ""}`}>
          {shown.chat !== undefined && (
            <button type="button" class="skip" onClick={() => main.current?.focus()}>
              {t("skip.chat")}
            </button>
          )}
          <Lines client={client} />
          <div class="pane-list">
            {later(shown.list)}
            <ListPane open={shown.chat} behind={shown.list !== undefined} />
          </div>
          <main ref={main} class="pane-chat" tabIndex={-1}>
            {shown.chat === undefined ? (
              <Nothing />
            ) : (
              <ChatPane
                key={shown.chat}
                id={shown.chat}
                jump={at.page === "chat" ? at.rest[1] : undefined}
                onBack={() => {
                  leave(href("chats"));
                }}
                onGone={() => {
                  go(href("chats"), { replace: true });
                }}
              />
            )}
          </main>
          {shown.details && <aside class="pane-details">{later("details")}</aside>}
        </div>
        {later(shown.over)}
        <Toasts
          toasts={[...client.toasts.value, ...passing.value]}
          onUndo={({ undo }) => {
            if (undo) tell(undo());
          }}
          onDismiss={(id) => {
            if (!dismiss(id)) void client.do.dismiss(id);
          }}
        />
      </WayContext.Provider>
    </ClientContext.Provider>
  );
}
