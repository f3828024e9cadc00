import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Card } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Avatar, Button, Empty, LinkButton, Spinner } from "../parts/index.ts";
import { useAct, useLoaded } from "../page/act.ts";
import { readTarget, type Target } from "../page/links.ts";
import { PageSheet, Problem } from "../page/index.ts";
import { useWay } from "../shell/way.ts";

/**
 * Who or what a link or an address leads to, before anything is begun with them. Keys in a link are left alone: a link comes from
 * anywhere, and only what was seen on a person's own screen checks them.
 */
export function Introduction({ text }: { text: string }): JSX.Element {
  const target = readTarget(text, location.host);
  return (
    <PageSheet title={t("list.new")} page={`to ${text}`}>
      {!target ? (
        <Empty icon="link" title={t("new.unreadable")} text={t("new.unreadableText", { text })} />
      ) : target.kind === "invite" ? (
        <Empty icon="open" title={t("new.foreignInvite")} text={target.link}>
          <LinkButton href={target.link}>{t("open.do")}</LinkButton>
        </Empty>
      ) : (
        <Found target={target} />
      )}
    </PageSheet>
  );
}

/** After a person's code with keys was scanned from their screen: whose keys are checked now. */
export function Checked({ uri }: { uri: string }): JSX.Element {
  const client = useClient();
  const done = useLoaded(() => client.do.verify(uri), [uri]);
  if (done.problem) return <Empty icon="alert" title={t("keys.notChecked")} text={done.problem} />;
  const address = done.value;
  if (!address) return <Waiting />;
  const person = client.people.value.get(address);
  const name = person?.name ?? address;
  return (
    <div class="card" role="status">
      <Avatar address={address} name={name} picture={person?.picture} size={96} />
      <h3>{t("keys.checked", { name })}</h3>
      <p>{t("keys.checkedText", { name })}</p>
      <Write address={address} />
    </div>
  );
}

function Found({ target }: { target: Exclude<Target, { kind: "invite" }> }): JSX.Element {
  const client = useClient();
  const { address } = target;
  const found = useLoaded(() => client.do.lookUp(address), [address]);
  if (found.problem)
    return (
      <Empty icon="person" title={t("new.notFound")} text={found.problem}>
        <Button onClick={found.again}>{t("do.retry")}</Button>
      </Empty>
    );
  if (!found.value) return <Waiting />;
  const card = target.kind === "group" ? { ...found.value, kind: "group" as const } : found.value;
  return (
    <div class="card">
      <Avatar
        address={address}
        name={card.name}
        picture={card.picture}
        size={96}
        group={card.kind === "group"}
      />
      <h3>
        <bdi>{card.name}</bdi>
      </h3>
      <p class="muted">{address}</p>
      {card.about && <p class="about">{card.about}</p>}
      {card.kind === "group" ? <Join card={card} /> : <Meet card={card} />}
    </div>
  );
}

function Meet({ card }: { card: Card }): JSX.Element {
  const client = useClient();
  const act = useAct();
  const person = client.people.value.get(card.address);
  if (card.address === client.me.value.address) return <p>{t("new.self")}</p>;
  return (
    <>
      <div class="card-do">
        <Write address={card.address} />
        {(person?.contact ?? "none") === "none" && !person?.circles.length && (
          <Button
            look="soft"
            icon="person-add"
            busy={act.busy !== undefined}
            onClick={() => void act.run(() => client.do.addPerson(card.address, card.name))}
          >
            {t("person.add")}
          </Button>
        )}
      </div>
      {person?.contact === "asked" && <p role="status">{t("person.askedText", { name: person.name })}</p>}
      <Problem text={act.problem} />
    </>
  );
}

function Write({ address }: { address: string }): JSX.Element {
  const client = useClient();
  const way = useWay();
  const act = useAct();
  return (
    <>
      <Button
        icon="chat"
        busy={act.busy !== undefined}
        onClick={() =>
          void act.run(async () => {
            way.chat(await client.do.chat(address));
          })
        }
      >
        {t("person.write")}
      </Button>
      <Problem text={act.problem} />
    </>
  );
}

function Join({ card }: { card: Card }): JSX.Element {
  const client = useClient();
  const way = useWay();
  const act = useAct();
  return (
    <>
      <div class="card-do">
        <Button
          icon="group"
          busy={act.busy !== undefined}
          onClick={() =>
            void act.run(async () => {
              way.chat(await client.do.joinGroup(card.address));
            })
          }
        >
          {t("public.join")}
        </Button>
      </div>
      <Problem text={act.problem} />
    </>
  );
}

function Waiting(): JSX.Element {
  return (
    <div class="card">
      <Spinner size={32} />
    </div>
  );
}
