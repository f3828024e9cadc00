import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { list } from "../../i18n/times.ts";
import type { Address, Chat, Person } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { useAct, useLoaded } from "../page/act.ts";
import { CopyRow, Pane, Problem } from "../page/index.ts";
import { useWay } from "../shell/way.ts";
import { Avatar, Button, Row, Section } from "../parts/index.ts";
import { ChatRows, LockRows, NotOwn } from "./ChatRows.tsx";
import { Head } from "./Head.tsx";
import { PersonEnds } from "./PersonEnds.tsx";
import { sharedGroups } from "./shared.ts";

export function PersonDetails(props: {
  address: Address;
  name: string;
  chat: Chat | undefined;
}): JSX.Element {
  const { address, name, chat } = props;
  const client = useClient();
  const person: Person = client.people.value.get(address) ?? {
    address,
    name,
    circles: [],
    contact: "none",
    blocked: false,
  };
  const contact = person.circles.length > 0 || person.contact === "mutual" || person.contact === "asked";
  const presence = client.presence.value.get(address);
  const picture = person.picture ?? chat?.picture;
  return (
    <Pane title={t("details.person")} page={address} first>
      <Head
        picture={<Avatar address={address} name={name} picture={picture} size={112} />}
        name={name}
        renameLabel={t("person.rename")}
        renameHint={t("person.renameHint")}
        onRename={contact ? (next) => client.do.rename(address, next) : undefined}
      >
        {!person.blocked && presence && <p class="muted">{t(`presence.${presence}`)}</p>}
        {person.blocked && <p class="warn">{t("chat.blocked", { name })}</p>}
        <HeadActs person={person} contact={contact} />
      </Head>
      <Section>
        <CopyRow label={t("person.address")} text={address} />
        {person.circles.length > 0 && (
          <Row
            icon="group"
            title={list(person.circles)}
            text={t("person.circles", { count: person.circles.length })}
          />
        )}
      </Section>
      {chat && <ChatRows chat={chat} />}
      <Encryption address={address} chat={chat} />
      <Shared address={address} />
      <PersonEnds person={person} chat={chat} />
    </Pane>
  );
}

function HeadActs({ person, contact }: { person: Person; contact: boolean }): JSX.Element {
  const client = useClient();
  const way = useWay();
  const act = useAct();
  return (
    <>
      <div class="card-do">
        <Button
          icon="chat"
          look="soft"
          busy={act.busy === "chat"}
          onClick={() =>
            void act.run(async () => {
              way.chat(await client.do.chat(person.address));
            }, "chat")
          }
        >
          {t("person.write")}
        </Button>
        {!contact && !person.blocked && (
          <Button
            icon="person-add"
            look="soft"
            busy={act.busy === "add"}
            onClick={() => void act.run(() => client.do.addPerson(person.address, person.name), "add")}
          >
            {person.contact === "asks" ? t("person.acceptContact") : t("person.add")}
          </Button>
        )}
        {person.contact === "asks" && !person.blocked && (
          <Button
            look="plain"
            busy={act.busy === "decline"}
            onClick={() => void act.run(() => client.do.decline(person.address), "decline")}
          >
            {t("request.decline")}
          </Button>
        )}
      </div>
      {person.contact === "asked" && <p class="muted">{t("person.askedText", { name: person.name })}</p>}
      <Problem text={act.problem} />
    </>
  );
}

function Encryption({ address, chat }: { address: Address; chat: Chat | undefined }): JSX.Element | null {
  const client = useClient();
  const way = useWay();
  if (!client.me.value.own)
    return (
      <Section title={t("encryption.section")}>
        <NotOwn />
      </Section>
    );
  return (
    <Section title={t("encryption.section")}>
      {chat && <LockRows chat={chat} />}
      {chat?.lockable !== "noApp" && (
        <Row
          icon={chat?.lock === "verified" ? "shield" : "key"}
          title={t("keys.title")}
          text={chat?.lock === "undecided" ? t("keys.newOne") : t("keys.hint")}
          onClick={() => {
            way.open("details", address, "keys");
          }}
        />
      )}
    </Section>
  );
}

function Shared({ address }: { address: Address }): JSX.Element | null {
  const client = useClient();
  const way = useWay();
  const shared = useLoaded(() => sharedGroups(client, address), [address]);
  if (!shared.value?.length) return null;
  return (
    <Section title={t("person.shared", { count: shared.value.length })}>
      {shared.value.map((group) => (
        <Row
          key={group.id}
          before={<Avatar address={group.id} name={group.name} picture={group.picture} size={40} group />}
          title={<bdi>{group.name}</bdi>}
          onClick={() => {
            way.chat(group.id);
          }}
        />
      ))}
    </Section>
  );
}
