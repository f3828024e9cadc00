import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Chat, Member } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { useAct } from "../page/act.ts";
import { HideRow } from "./ChatRows.tsx";
import { Problem } from "../page/index.ts";
import { ReportSheet } from "../dialogs/Report.tsx";
import { Confirm, Row, Section } from "../parts/index.ts";
import { leave } from "../shell/undo.ts";
import { lastOwner } from "./roles.ts";

export function LeaveGroup({ chat, members }: { chat: Chat; members: readonly Member[] }): JSX.Element {
  const client = useClient();
  const act = useAct();
  const [asking, setAsking] = useState<"leave" | "report">();
  const done = () => {
    setAsking(undefined);
  };
  return (
    <Section>
      <HideRow chat={chat} />
      <Row
        icon="leave"
        wrong
        title={t("group.leave")}
        onClick={() => {
          setAsking("leave");
        }}
      />
      {!chat.group?.closed && (
        <Row
          icon="alert"
          wrong
          title={t("report.title", { name: chat.name })}
          onClick={() => {
            setAsking("report");
          }}
        />
      )}
      {asking === "report" && <ReportSheet address={chat.id} name={chat.name} onClose={done} />}
      {asking === "leave" && (
        <Confirm
          title={t("group.leaveAsk", { name: chat.name })}
          text={
            <>
              {t(leaving(chat))}
              {lastOwner(members) && <strong class="para">{t("group.lastOwner")}</strong>}
              <Problem text={act.problem} />
            </>
          }
          action={t("group.leave")}
          wrong
          busy={act.busy !== undefined}
          onClose={done}
          onConfirm={() =>
            void act.run(async () => {
              await leave(client, chat);
              done();
            })
          }
        />
      )}
    </Section>
  );
}

/** What is true of coming back. */
function leaving({ group }: Chat): "group.leaveCircle" | "group.leaveClosed" | "group.leaveOpen" {
  if (group?.circle) return "group.leaveCircle";
  return group?.closed ? "group.leaveClosed" : "group.leaveOpen";
}
