import "./texts.ts";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Person } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Avatar, Empty, Row, SearchField, Section } from "../parts/index.ts";
import { useAct } from "../page/act.ts";
import { Checked, Introduction } from "./Introduction.tsx";
import { Invitation } from "./Invitation.tsx";
import { readTarget, readTyped, serverOf } from "../page/links.ts";
import { MyCode } from "./MyCode.tsx";
import { PageSheet, Problem } from "../page/index.ts";
import { byCircle, familiarOnes, matches } from "../shell/people.ts";
import { Scan } from "./Scan.tsx";
import { useWay, type PageProps } from "../shell/way.ts";

/** `new`, `new/scan`, `new/code`, `new/invite`, and `new/ADDRESS-OR-LINK`. */
export function NewChat({ rest }: PageProps): JSX.Element {
  const [step] = rest;
  if (step === "scan") return <ScanPage />;
  if (step === "code")
    return (
      <PageSheet title={t("code.mine")} page="code">
        <MyCode />
      </PageSheet>
    );
  if (step === "invite")
    return (
      <PageSheet title={t("invite.title")} page="invite">
        <Invitation />
      </PageSheet>
    );
  if (step !== undefined) return <Introduction key={step} text={step} />;
  return <People />;
}

function ScanPage(): JSX.Element {
  const way = useWay();
  const [keys, setKeys] = useState<string>();
  return (
    <PageSheet title={t("code.scan")} page={keys ? "checked" : "scan"}>
      {keys ? (
        <Checked uri={keys} />
      ) : (
        <Scan
          onFound={(text, seen) => {
            if (seen && readTarget(text, location.host)?.kind === "keys") setKeys(text);
            else way.open("new", text);
          }}
        />
      )}
    </PageSheet>
  );
}

function People(): JSX.Element {
  const way = useWay();
  const client = useClient();
  const [text, setText] = useState("");
  const act = useAct();
  const me = client.me.value;
  const found = familiarOnes(client.people.value.values()).filter((one) =>
    matches(text, one.name, one.address),
  );
  const typed = text.trim() ? readTyped(text, serverOf(me.address), location.host) : undefined;
  const address = typed && typed.kind !== "invite" ? typed.address : undefined;
  const fresh =
    address !== undefined && address !== me.address && !found.some((one) => one.address === address);
  const write = (person: Person) =>
    act.run(async () => {
      way.chat(await client.do.chat(person.address));
    }, person.address);
  return (
    <PageSheet title={t("list.new")} page="people" first>
      <div class="stick">
        <SearchField label={t("new.filter")} value={text} onInput={setText} />
      </div>
      <Problem text={act.problem} />
      {!text && <Ways />}
      {fresh && (
        <Row
          icon="person-add"
          title={address}
          text={t("new.lookUp")}
          onClick={() => {
            way.open("new", text.trim().includes(":") ? text.trim() : address);
          }}
        />
      )}
      {byCircle(found).map((shelf) => (
        <Section key={shelf.circle} title={shelf.circle || t("new.contacts")}>
          {shelf.people.map((one) => (
            <Row
              key={one.address}
              before={
                <Avatar
                  address={one.address}
                  name={one.name}
                  picture={one.picture}
                  size={44}
                  presence={client.presence.value.get(one.address)}
                />
              }
              title={<bdi>{one.name}</bdi>}
              text={one.contact === "asked" ? t("person.asked") : one.address}
              onClick={() => void write(one)}
            />
          ))}
        </Section>
      ))}
      {!found.length && !fresh && (
        <Empty
          icon="person"
          title={text ? t("new.nobody") : t("new.empty")}
          text={text ? t("new.nobodyText") : t("new.emptyText")}
        />
      )}
    </PageSheet>
  );
}

function Ways(): JSX.Element {
  const way = useWay();
  const mayInvite = useClient().me.value.mayInvite !== false;
  return (
    <div class="rows">
      {mayInvite && (
        <Row
          icon="group"
          title={t("list.newGroup")}
          onClick={() => {
            way.open("group");
          }}
        />
      )}
      <Row
        icon="search"
        title={t("public.title")}
        onClick={() => {
          way.open("group", "join");
        }}
      />
      <Row
        icon="camera"
        title={t("code.scan")}
        onClick={() => {
          way.open("new", "scan");
        }}
      />
      <Row
        icon="qr"
        title={t("code.mine")}
        onClick={() => {
          way.open("new", "code");
        }}
      />
      {mayInvite && (
        <Row
          icon="person-add"
          title={t("invite.title")}
          text={t("invite.hint")}
          onClick={() => {
            way.open("new", "invite");
          }}
        />
      )}
    </div>
  );
}
