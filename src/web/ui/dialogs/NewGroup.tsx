import "./texts.ts";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Address } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Avatar, Button, Field, Row, Section, Switch } from "../parts/index.ts";
import { useAct } from "../page/act.ts";
import { PageSheet, PeoplePicker, Problem } from "../page/index.ts";
import { nameOf } from "../shell/people.ts";
import { PictureButton } from "./Picture.tsx";
import { PublicGroups } from "./PublicGroups.tsx";
import { useWay, type PageProps } from "../shell/way.ts";

/** `group`: who; `group/name`: how it is called; `group/join`: one that is there already. */
export function NewGroup({ rest }: PageProps): JSX.Element {
  const [people, setPeople] = useState<Address[]>([]);
  // A page that is loaded anew at the second step no longer knows who was chosen.
  const [done, setDone] = useState(false);
  if (rest[0] === "join") return <PublicGroups />;
  if (rest[0] === "name" && done) return <Naming people={people} />;
  return (
    <Choosing
      people={people}
      onChange={setPeople}
      onDone={() => {
        setDone(true);
      }}
    />
  );
}

function Choosing(props: {
  people: Address[];
  onChange: (people: Address[]) => void;
  onDone: () => void;
}): JSX.Element {
  const way = useWay();
  return (
    <PageSheet
      title={t("list.newGroup")}
      page="people"
      footer={
        <Button
          wide
          onClick={() => {
            props.onDone();
            way.open("group", "name");
          }}
        >
          {props.people.length ? t("newgroup.next", { count: props.people.length }) : t("newgroup.skip")}
        </Button>
      }
    >
      <p class="lead">{t("newgroup.who")}</p>
      <PeoplePicker chosen={props.people} onChange={props.onChange} />
    </PageSheet>
  );
}

function Naming({ people }: { people: readonly Address[] }): JSX.Element {
  const client = useClient();
  const way = useWay();
  const act = useAct();
  const [name, setName] = useState("");
  const [picture, setPicture] = useState<Blob>();
  const [encrypted, setEncrypted] = useState(true);
  const [missing, setMissing] = useState(false);
  const make = () => {
    if (!name.trim()) {
      setMissing(true);
      return;
    }
    void act.run(async () => {
      const group = { name: name.trim(), people: [...people], encrypted };
      way.chat(await client.do.createGroup(picture ? { ...group, picture } : group));
    });
  };
  return (
    <PageSheet
      title={t("list.newGroup")}
      page="name"
      footer={
        <Button wide busy={act.busy !== undefined} onClick={make}>
          {t("newgroup.make")}
        </Button>
      }
    >
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          make();
        }}
      >
        <div class="centre">
          <PictureButton
            address={name || "group"}
            name={name}
            picture={picture}
            group
            onChange={setPicture}
          />
        </div>
        <Field
          label={t("group.rename")}
          value={name}
          capitals
          maxLength={100}
          problem={missing && !name.trim() ? t("newgroup.nameMissing") : undefined}
          onInput={setName}
        />
        <Switch
          label={t("encryption.title")}
          hint={t("encryption.on")}
          on={encrypted}
          onChange={setEncrypted}
        />
        <Problem text={act.problem} />
      </form>
      <Section title={t("group.people", { count: people.length + 1 })}>
        <Row
          before={
            <Avatar
              address={client.me.value.address}
              name={client.me.value.name}
              picture={client.me.value.picture}
              size={40}
            />
          }
          title={t("who.you")}
        />
        {people.map((one) => (
          <Row
            key={one}
            before={
              <Avatar
                address={one}
                name={nameOf(client, one)}
                picture={client.people.value.get(one)?.picture}
                size={40}
              />
            }
            title={<bdi>{nameOf(client, one)}</bdi>}
          />
        ))}
      </Section>
    </PageSheet>
  );
}
