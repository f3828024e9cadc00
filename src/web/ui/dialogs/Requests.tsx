import "./texts.ts";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { ago } from "../../i18n/times.ts";
import type { Client } from "../../state/client.ts";
import type { Address, Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Avatar, Button, Confirm, Empty } from "../parts/index.ts";
import { useAct } from "../page/act.ts";
import { serverOf } from "../page/links.ts";
import { PageSheet, Problem } from "../page/index.ts";
import { ReportSheet } from "./Report.tsx";
import { useWay } from "../shell/way.ts";
import "./dialogs.css";

/** Everybody who wrote for the first time, wants to be a contact, or asks into a group. */
export function Requests(): JSX.Element {
  const client = useClient();
  const requests = client.chats.value.filter((chat) => chat.request);
  return (
    <PageSheet title={t("list.requests")} page="requests" first>
      {requests.length ? (
        <>
          <p class="lead">{t("request.lead")}</p>
          {requests.map((chat) => (
            <Request key={chat.id} chat={chat} />
          ))}
        </>
      ) : (
        <Empty icon="chat" title={t("request.none")} text={t("request.noneText")} />
      )}
    </PageSheet>
  );
}

function Request({ chat }: { chat: Chat }): JSX.Element {
  const way = useWay();
  return (
    <article class="request">
      <button
        type="button"
        class="request-who"
        onClick={() => {
          way.chat(chat.id);
        }}
      >
        <Avatar address={chat.id} name={chat.name} picture={chat.picture} size={52} />
        <span class="words">
          <span class="request-top">
            <bdi class="title">{chat.name}</bdi>
            <time class="muted">{ago(chat.at, Date.now())}</time>
          </span>
          <Where chat={chat} />
        </span>
      </button>
      {chat.last && <p class="request-text">{chat.last.text}</p>}
      <Answers chat={chat} />
    </article>
  );
}

function Where({ chat }: { chat: Chat }): JSX.Element {
  const client = useClient();
  if (chat.group) return <span class="text">{t("request.group")}</span>;
  const here = serverOf(chat.id) === serverOf(client.me.value.address);
  return (
    <span class="text">
      {here ? t("request.here", { address: chat.id }) : t("request.elsewhere", { address: chat.id })}
    </span>
  );
}

/** Accept, not now, block, report. For a group the last two are for who asks into it, if that is a stranger. */
function Answers({ chat }: { chat: Chat }): JSX.Element {
  const client = useClient();
  const act = useAct();
  const stranger = blamed(chat, client);
  const [asking, setAsking] = useState<"block" | "report">();
  const done = () => {
    setAsking(undefined);
  };
  return (
    <>
      <div class="answers">
        <Button
          busy={act.busy === "accept"}
          onClick={() => void act.run(() => client.do.accept(chat.id), "accept")}
        >
          {chat.group ? t("public.join") : t("request.accept")}
        </Button>
        <Button
          look="soft"
          busy={act.busy === "decline"}
          onClick={() => void act.run(() => client.do.decline(chat.id), "decline")}
        >
          {t("request.decline")}
        </Button>
        {stranger && (
          <>
            <Button
              look="wrong"
              onClick={() => {
                setAsking("block");
              }}
            >
              {t("person.block")}
            </Button>
            <Button
              look="plain"
              onClick={() => {
                setAsking("report");
              }}
            >
              {t("report.do")}
            </Button>
          </>
        )}
      </div>
      <Problem text={act.problem} />
      {stranger && asking === "block" && (
        <Confirm
          title={t("person.blockAsk", { name: stranger.name })}
          text={t("person.blockText", { name: stranger.name })}
          action={t("person.block")}
          wrong
          busy={act.busy === "block"}
          onClose={done}
          onConfirm={() => void act.run(() => block(client, chat, stranger.address), "block").then(done)}
        />
      )}
      {stranger && asking === "report" && (
        <ReportSheet address={stranger.address} name={stranger.name} onClose={done} />
      )}
    </>
  );
}

/** Whom one may want to be rid of. */
function blamed(chat: Chat, client: Client): { address: Address; name: string } | undefined {
  if (!chat.group) return { address: chat.id, name: chat.name };
  const address = chat.group.inviter;
  // Behind a nick in a group is nobody that could be blocked.
  if (!address || address.includes("/") || client.people.value.get(address)?.contact === "mutual")
    return undefined;
  return { address, name: client.people.value.get(address)?.name ?? address };
}

async function block(client: Client, chat: Chat, address: Address): Promise<void> {
  await client.do.block(address, true);
  if (chat.group) await client.do.decline(chat.id);
}

function barTitle(chat: Chat): string {
  // Who has written nothing asks to be a contact, or into a group: the list's line says so.
  if (chat.last?.message === "") return chat.last.text;
  return t("request.barTitle", { name: chat.name });
}

/** In a stranger's chat, in place of the composer: nothing of oneself is told before an answer. */
export function RequestBar({ chat }: { chat: Chat }): JSX.Element {
  return (
    <section class="request-bar" aria-label={t("list.requests")}>
      <p>
        <strong>{barTitle(chat)}</strong>
        <br />
        <Where chat={chat} />
        {!chat.group && (
          <>
            <br />
            {t("request.barText")}
          </>
        )}
      </p>
      <Answers chat={chat} />
    </section>
  );
}
