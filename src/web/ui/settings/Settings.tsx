import "../dialogs/texts.ts";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Settings as Values } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { useAct } from "../page/act.ts";
import { PageSheet, Problem } from "../page/index.ts";
import { useWay, type PageProps } from "../shell/way.ts";
import { Avatar, Chips, IconButton, Row, Section, Switch } from "../parts/index.ts";
import { realKeys } from "../parts/keys.ts";
import { About } from "./About.tsx";
import { Blocked } from "./Blocked.tsx";
import { Install } from "./Install.tsx";
import { installingHere } from "./install.ts";
import { OwnKeys } from "./OwnKeys.tsx";
import { Password } from "./Password.tsx";
import { Profile } from "./Profile.tsx";
import { SignOut } from "./SignOut.tsx";
import "./settings.css";

const pages = {
  profile: Profile,
  password: Password,
  keys: OwnKeys,
  blocked: Blocked,
  about: About,
  install: Install,
};
const titles = {
  profile: "settings.profile",
  password: "password.do",
  keys: "settings.keys",
  blocked: "settings.blocked",
  about: "settings.about",
  install: "install.title",
} as const;

/** `settings`, and inside of it `profile`, `password`, `keys`, `blocked`, `about`, `install`. */
export function Settings({ rest }: PageProps): JSX.Element {
  const name = (Object.keys(pages) as (keyof typeof pages)[]).find((one) => one === rest[0]);
  const Page = name && pages[name];
  return (
    <PageSheet title={t(name ? titles[name] : "list.settings")} page={name ?? "settings"} first={!name}>
      {Page ? <Page /> : <Overview />}
    </PageSheet>
  );
}

function Overview(): JSX.Element {
  const client = useClient();
  const way = useWay();
  const me = client.me.value;
  return (
    <>
      <Row
        before={<Avatar address={me.address} name={me.name} picture={me.picture} size={64} />}
        title={<bdi>{me.name}</bdi>}
        text={me.address}
        onClick={() => {
          way.open("settings", "profile");
        }}
        after={
          <IconButton
            icon="qr"
            label={t("code.mine")}
            onClick={() => {
              way.open("new", "code");
            }}
          />
        }
      />
      <Looks />
      <Habits />
      <Account />
    </>
  );
}

/** Changes one setting and says when that fails. */
function useSet(): {
  values: Values;
  problem: string | undefined;
  set: <K extends keyof Values>(key: K, value: Values[K]) => void;
} {
  const client = useClient();
  const act = useAct();
  return {
    values: client.settings.value,
    problem: act.problem,
    set: (key, value) => void act.run(() => client.do.set(key, value)),
  };
}

function Looks(): JSX.Element {
  const { values, problem, set } = useSet();
  return (
    <Section title={t("settings.looks")}>
      <div class="inset setting">
        <span>{t("settings.language")}</span>
        <Chips
          label={t("settings.language")}
          value={values.language}
          onChange={(value) => {
            set("language", value);
          }}
          options={[
            { value: "auto", label: t("settings.auto") },
            { value: "de", label: "Deutsch" },
            { value: "en", label: "English" },
          ]}
        />
        <span>{t("settings.theme")}</span>
        <Chips
          label={t("settings.theme")}
          value={values.theme}
          onChange={(value) => {
            set("theme", value);
          }}
          options={[
            { value: "auto", label: t("settings.auto") },
            { value: "light", label: t("settings.light") },
            { value: "dark", label: t("settings.dark") },
          ]}
        />
        <Problem text={problem} />
      </div>
    </Section>
  );
}

const habits = ["readMarks", "typing", "encryptByDefault"] as const;
/** Says something only where Enter is a key and not a place on the glass. */
const withKeys = [...habits, "enterSends"] as const;

function Habits(): JSX.Element {
  const { values, problem, set } = useSet();
  return (
    <Section title={t("settings.chats")}>
      <div class="inset">
        {(realKeys() ? withKeys : habits).map((key) => (
          <Switch
            key={key}
            label={t(`settings.${key}`)}
            hint={t(`settings.${key}Hint`)}
            on={values[key]}
            onChange={(on) => {
              set(key, on);
            }}
          />
        ))}
        <Problem text={problem} />
      </div>
    </Section>
  );
}

function Account(): JSX.Element {
  const way = useWay();
  const client = useClient();
  const [leaving, setLeaving] = useState(false);
  const to = (page: string) => () => {
    way.open("settings", page);
  };
  return (
    <>
      <Section title={t("settings.account")}>
        <Row icon="lock" title={t("password.do")} onClick={to("password")} />
        {client.me.value.own && (
          <Row icon="key" title={t("settings.keys")} text={t("settings.keysHint")} onClick={to("keys")} />
        )}
        <Row icon="block" title={t("settings.blocked")} onClick={to("blocked")} />
      </Section>
      <Section title={t("settings.app")}>
        {installingHere() !== "installed" && (
          <Row icon="download" title={t("install.title")} text={t("install.hint")} onClick={to("install")} />
        )}
        <Row icon="help" title={t("do.help")} href="/help" />
        <Row icon="info" title={t("settings.about")} onClick={to("about")} />
      </Section>
      <Section>
        <Row
          icon="leave"
          wrong
          title={t("signout.do")}
          onClick={() => {
            setLeaving(true);
          }}
        />
      </Section>
      {leaving && (
        <SignOut
          onClose={() => {
            setLeaving(false);
          }}
        />
      )}
    </>
  );
}
