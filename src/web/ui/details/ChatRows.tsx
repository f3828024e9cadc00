import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Chat, Mute } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { useAct } from "../page/act.ts";
import { hide } from "../shell/undo.ts";
import { Problem } from "../page/index.ts";
import { useWay } from "../shell/way.ts";
import { Choice, Row, Section, Switch } from "../parts/index.ts";

/** What every chat has: search, media, pinned, muted. */
export function ChatRows({ chat }: { chat: Chat }): JSX.Element {
  const client = useClient();
  const way = useWay();
  const act = useAct();
  const mute = (value: Mute) => void act.run(() => client.do.mute(chat.id, value));
  return (
    <>
      <Section>
        <Row
          icon="search"
          title={t("chat.searchHere")}
          onClick={() => {
            way.open("search", chat.id);
          }}
        />
        <Row
          icon="photo"
          title={t("details.media")}
          onClick={() => {
            way.media(chat.id);
          }}
        />
      </Section>
      <Section>
        <div class="inset">
          <Switch
            label={t("list.pin")}
            on={chat.pinned}
            onChange={(on) => void act.run(() => client.do.pin(chat.id, on))}
          />
          {chat.group ? (
            <Choice
              label={t("details.notify")}
              value={chat.mute}
              onChange={mute}
              options={[
                { value: "no", label: t("mute.no") },
                { value: "mentions", label: t("mute.mentions"), hint: t("mute.mentionsHint") },
                { value: "all", label: t("mute.all") },
              ]}
            />
          ) : (
            <Switch
              label={t("list.mute")}
              hint={t("details.muteHint")}
              on={chat.mute !== "no"}
              onChange={(on) => {
                mute(on ? "all" : "no");
              }}
            />
          )}
          <Problem text={act.problem} />
        </div>
      </Section>
    </>
  );
}

/** A browser that is nobody's own device has no keys. */
export function NotOwn(): JSX.Element {
  return <Row icon="unlock" title={t("encryption.title")} text={t("encryption.notOwn")} />;
}

/** Whether others between could read along, and the switch for it. */
export function LockRows({ chat }: { chat: Chat }): JSX.Element {
  const client = useClient();
  const act = useAct();
  const on = chat.lock !== "off";
  if (chat.lockable === "notOwn") return <NotOwn />;
  const why = chat.lockable === "yes" ? undefined : chat.lockable;
  return (
    <div class="inset">
      <Switch
        label={t("encryption.title")}
        hint={t(`encryption.${why ?? chat.lock}`, { name: chat.name })}
        on={on}
        disabled={(why !== undefined && !on) || act.busy !== undefined}
        onChange={(next) => void act.run(() => client.do.lock(chat.id, next))}
      />
      <Problem text={act.problem} />
    </div>
  );
}

/** Out of the list until something new comes. */
export function HideRow({ chat }: { chat: Chat }): JSX.Element {
  const client = useClient();
  return (
    <Row
      icon="archive"
      title={t("list.hide")}
      text={t("details.hideText")}
      onClick={() => {
        hide(client, chat);
      }}
    />
  );
}
