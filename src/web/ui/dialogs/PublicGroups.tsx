import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { PublicGroup } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Avatar, Button, Chips, Empty, Field, Row, SearchField, Skeleton } from "../parts/index.ts";
import { useAct, useLoaded, useSettled } from "../page/act.ts";
import { isServer, readTarget, serverOf } from "../page/links.ts";
import { PageSheet, Problem } from "../page/index.ts";
import { useWay } from "../shell/way.ts";

/** Groups that anybody may enter: by their address or link, or found by a word, here or on another server. */
export function PublicGroups(): JSX.Element {
  const client = useClient();
  const way = useWay();
  const [text, setText] = useState("");
  const [where, setWhere] = useState<"here" | "there">("here");
  const [server, setServer] = useState("");
  const home = serverOf(client.me.value.address);
  const target = readTarget(text, location.host);
  const address = target && target.kind !== "invite" ? target.address : undefined;
  const elsewhere = where === "there" ? server.trim().toLowerCase() : undefined;
  return (
    <PageSheet title={t("public.title")} page="join">
      <div class="stick">
        <SearchField label={t("public.search")} value={text} onInput={setText} />
        <Chips
          label={t("public.where")}
          value={where}
          onChange={setWhere}
          options={[
            { value: "here", label: home },
            { value: "there", label: t("public.elsewhere") },
          ]}
        />
        {where === "there" && (
          <Field
            label={t("public.server")}
            placeholder="example.org"
            inputMode="url"
            value={server}
            onInput={setServer}
            problem={elsewhere && !isServer(elsewhere) ? t("public.serverWrong") : undefined}
          />
        )}
      </div>
      {address ? (
        <Row
          icon="group"
          title={address}
          text={t("public.lookAt")}
          onClick={() => {
            way.open("new", `xmpp:${address}?join`);
          }}
        />
      ) : elsewhere === undefined || isServer(elsewhere) ? (
        <Results text={text.trim()} server={elsewhere} />
      ) : (
        <Empty icon="group" title={t("public.whichServer")} text={t("public.whichServerText")} />
      )}
    </PageSheet>
  );
}

function Results({ text, server }: { text: string; server: string | undefined }): JSX.Element {
  const client = useClient();
  const wish = useSettled(text, 350);
  const asked = useSettled(server, 600);
  const found = useLoaded(() => client.do.findGroups(wish, asked), [wish, asked]);
  const act = useAct();
  if (found.problem)
    return (
      <Empty icon="alert" title={t("public.failed")} text={found.problem}>
        <Button onClick={found.again}>{t("do.retry")}</Button>
      </Empty>
    );
  if (!found.value) return <Skeleton rows={4} />;
  if (!found.value.length) return <Empty icon="group" title={t("public.none")} text={t("public.noneText")} />;
  return (
    <>
      <Problem text={act.problem} />
      {found.value.map((group) => (
        <Group key={group.address} group={group} act={act} />
      ))}
    </>
  );
}

function Group({ group, act }: { group: PublicGroup; act: ReturnType<typeof useAct> }): JSX.Element {
  const client = useClient();
  const way = useWay();
  const inside = client.chats.value.some((chat) => chat.id === group.address && chat.group?.joined !== "out");
  const about = [group.about, group.people > 0 ? t("public.people", { count: group.people }) : ""]
    .filter(Boolean)
    .join(" · ");
  return (
    <Row
      before={<Avatar address={group.address} name={group.name} size={44} group />}
      title={<bdi>{group.name}</bdi>}
      text={about || group.address}
      after={
        <span class="row-do">
          <Button
            look="soft"
            busy={act.busy === group.address}
            onClick={() =>
              void act.run(async () => {
                way.chat(inside ? group.address : await client.do.joinGroup(group.address));
              }, group.address)
            }
          >
            {inside ? t("open.do") : t("public.join")}
          </Button>
        </span>
      }
    />
  );
}
