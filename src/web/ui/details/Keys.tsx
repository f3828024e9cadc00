import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { ago } from "../../i18n/times.ts";
import type { Address, DeviceKey } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { useAct, useLoaded } from "../page/act.ts";
import { Pane, Problem } from "../page/index.ts";
import { useWay } from "../shell/way.ts";
import { Button, Confirm, Empty, Icon, Row, Section, Skeleton } from "../parts/index.ts";
import { eights, inOrder, standing, trustWords } from "./keys.ts";

/** A person's devices and whether one trusts them. */
export function Keys({ address, name }: { address: Address; name: string }): JSX.Element {
  const way = useWay();
  return (
    <Pane title={t("keys.title")} page="keys">
      <KeyList address={address} name={name} />
      <Section title={t("keys.verify")} hint={t("keys.verifyHint", { name })}>
        <Row
          icon="camera"
          title={t("keys.scan", { name })}
          onClick={() => {
            way.open("details", address, "verify");
          }}
        />
        <Row
          icon="qr"
          title={t("code.mine")}
          onClick={() => {
            way.open("details", address, "code");
          }}
        />
      </Section>
    </Pane>
  );
}

/** The devices of somebody, of oneself too, each with what may be decided about it. */
export function KeyList({ address, name }: { address: Address; name?: string }): JSX.Element {
  const client = useClient();
  const keys = useLoaded(() => client.do.keys(address), [address]);
  const act = useAct();
  if (keys.problem && !keys.value) return <Problem text={keys.problem} onAgain={keys.again} />;
  if (!keys.value) return <Skeleton rows={3} />;
  if (!keys.value.length)
    return (
      <Empty
        icon="key"
        title={t("keys.none")}
        text={name ? t("keys.noneText", { name }) : t("keys.noneOwn")}
      />
    );
  const decide = (device: number, trust: DeviceKey["trust"]) =>
    act
      .run(() => client.do.trust(address, device, trust), String(device))
      .then((done) => {
        if (done) keys.again();
      });
  return (
    <>
      {name && <Standing keys={keys.value} name={name} />}
      <Problem text={act.problem} />
      <ul class="keys">
        {inOrder(keys.value).map((key) => (
          <Device key={key.device} device={key} busy={act.busy === String(key.device)} onTrust={decide} />
        ))}
      </ul>
    </>
  );
}

function Standing({ keys, name }: { keys: readonly DeviceKey[]; name: string }): JSX.Element {
  const how = standing(keys);
  const text = {
    verified: t("keys.allVerified", { name }),
    trusted: t("keys.allTrusted", { name }),
    undecided: t("keys.someUndecided", { name }),
    none: t("keys.allRefused", { name }),
  }[how];
  return (
    <p class={`standing standing-${how}`}>
      <Icon name={how === "verified" ? "shield" : how === "trusted" ? "lock" : "alert"} />
      <span>{text}</span>
    </p>
  );
}

function Device(props: {
  device: DeviceKey;
  busy: boolean;
  onTrust: (device: number, trust: DeviceKey["trust"]) => Promise<void>;
}): JSX.Element {
  const { device: key } = props;
  const [asking, setAsking] = useState<"verified" | "refused">();
  const words = trustWords[key.trust];
  const decide = (trust: DeviceKey["trust"]) => void props.onTrust(key.device, trust);
  return (
    <li class={`key key-${key.trust}`}>
      <p class="key-top">
        <strong>{key.own ? t("keys.this") : t("keys.device", { id: String(key.device).slice(-4) })}</strong>
        <span class="key-badge">{t(words.name)}</span>
      </p>
      {key.lastSeen !== undefined && !key.own && (
        <p class="muted">{t("keys.seen", { when: ago(key.lastSeen, Date.now()) })}</p>
      )}
      <p class="fingerprint" aria-label={t("keys.fingerprint")}>
        {eights(key.fingerprint).map((part, i) => (
          <code key={i}>{part} </code>
        ))}
      </p>
      {!key.own && (
        <>
          <p class="muted">{t(words.text)}</p>
          <div class="key-do">
            {(key.trust === "undecided" || key.trust === "refused") && (
              <Button
                look="soft"
                busy={props.busy}
                onClick={() => {
                  decide("trusted");
                }}
              >
                {t("keys.trust")}
              </Button>
            )}
            {key.trust !== "verified" && (
              <Button
                look="plain"
                onClick={() => {
                  setAsking("verified");
                }}
              >
                {t("keys.markChecked")}
              </Button>
            )}
            {key.trust !== "refused" && (
              <Button
                look="plain"
                onClick={() => {
                  setAsking("refused");
                }}
              >
                {t("keys.refuse")}
              </Button>
            )}
          </div>
        </>
      )}
      {asking && (
        <Confirm
          title={asking === "verified" ? t("keys.checkAsk") : t("keys.refuseAsk")}
          text={asking === "verified" ? t("keys.checkText") : t("keys.refuseText")}
          action={asking === "verified" ? t("keys.checkDo") : t("keys.refuse")}
          wrong={asking === "refused"}
          onClose={() => {
            setAsking(undefined);
          }}
          onConfirm={() => {
            setAsking(undefined);
            decide(asking);
          }}
        />
      )}
    </li>
  );
}
