import "./texts.ts";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { ago } from "../../i18n/times.ts";
import type { Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Avatar, Button, Confirm, Empty } from "../parts/index.ts";
import { useAct } from "./act.ts";
import { serverOf } from "./links.ts";
import { PageSheet, Problem } from "./parts/index.ts";
import { ReportSheet } from "./Report.tsx";
import { useWay } from "./way.ts";
import "./dialogs.css";

/** Everybody who wrote for the first time. */
export function Requests(): JSX.Element {
  const client = useClient();
  const requests = client.chats.value.filter((chat) => chat.request);
  return (
    <PageSheet title={t("request.title")} page="requests" first>
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
  const server = serverOf(chat.id);
  const here = server === serverOf(client.me.value.address);
  return (
    <span class="text">
      {here ? t("request.here", { address: chat.id }) : t("request.elsewhere", { address: chat.id, server })}
    </span>
  );
}

/** Accept, block, report. */
function Answers({ chat }: { chat: Chat }): JSX.Element {
  const client = useClient();
  const act = useAct();
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
          {t("request.accept")}
        </Button>
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
      </div>
      <Problem text={act.problem} />
      {asking === "block" && (
        <Confirm
          title={t("person.blockAsk", { name: chat.name })}
          text={t("person.blockText", { name: chat.name })}
          action={t("person.block")}
          wrong
          busy={act.busy === "block"}
          onClose={done}
          onConfirm={() => void act.run(() => client.do.block(chat.id, true), "block").then(done)}
        />
      )}
      {asking === "report" && <ReportSheet address={chat.id} name={chat.name} onClose={done} />}
    </>
  );
}

/** In a stranger's chat, in place of the composer: nothing of oneself is told before an answer. */
export function RequestBar({ chat }: { chat: Chat }): JSX.Element {
  return (
    <section class="request-bar" aria-label={t("request.title")}>
      <p>
        <strong>{t("request.barTitle", { name: chat.name })}</strong>
        <br />
        <Where chat={chat} /> {t("request.barText")}
      </p>
      <Answers chat={chat} />
    </section>
  );
}
