import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Chat, Person } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { useAct } from "../page/act.ts";
import { HideRow } from "./ChatRows.tsx";
import { Problem } from "../page/index.ts";
import { ReportSheet } from "../dialogs/Report.tsx";
import { Confirm, Row, Section } from "../parts/index.ts";

type Asking = "block" | "remove" | "report";

/** What ends something with a person; each asks once. */
export function PersonEnds({ person, chat }: { person: Person; chat: Chat | undefined }): JSX.Element {
  const client = useClient();
  const act = useAct();
  const [asking, setAsking] = useState<Asking>();
  const { address, name } = person;
  // Who is of one's circle is a contact as long as both are in it.
  const removable = !person.circles.length && (person.contact === "mutual" || person.contact === "asked");
  return (
    <Section>
      {chat && <HideRow chat={chat} />}
      {person.blocked ? (
        <Row
          icon="check"
          title={t("chat.unblock")}
          onClick={() => void act.run(() => client.do.block(address, false))}
        />
      ) : (
        <Row
          icon="block"
          wrong
          title={t("person.blockName", { name })}
          onClick={() => {
            setAsking("block");
          }}
        />
      )}
      {removable && (
        <Row
          icon="trash"
          wrong
          title={t("person.remove")}
          onClick={() => {
            setAsking("remove");
          }}
        />
      )}
      <Row
        icon="alert"
        wrong
        title={t("report.title", { name })}
        onClick={() => {
          setAsking("report");
        }}
      />
      <Problem text={act.problem} />
      {asking && (
        <Ask
          asking={asking}
          person={person}
          onClose={() => {
            setAsking(undefined);
          }}
        />
      )}
    </Section>
  );
}

function Ask(props: { asking: Asking; person: Person; onClose: () => void }): JSX.Element {
  const client = useClient();
  const act = useAct();
  const { address, name } = props.person;
  if (props.asking === "report") return <ReportSheet address={address} name={name} onClose={props.onClose} />;
  const asked = {
    block: {
      title: t("person.blockAsk", { name }),
      text: t("person.blockText", { name }),
      action: t("person.block"),
      do: () => client.do.block(address, true),
    },
    remove: {
      title: t("person.removeAsk", { name }),
      text: t("person.removeText", { name }),
      action: t("do.remove"),
      do: () => client.do.removePerson(address),
    },
  }[props.asking];
  return (
    <Confirm
      title={asked.title}
      text={
        <>
          {asked.text}
          <Problem text={act.problem} />
        </>
      }
      action={asked.action}
      wrong
      busy={act.busy !== undefined}
      onClose={props.onClose}
      onConfirm={() =>
        void act.run(async () => {
          await asked.do();
          props.onClose();
        })
      }
    />
  );
}
