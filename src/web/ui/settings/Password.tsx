import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { useClient } from "../context.ts";
import { useAct } from "../page/act.ts";
import { Problem } from "../page/index.ts";
import { Button, Empty, Field } from "../parts/index.ts";
import { useWay } from "../shell/way.ts";
import { fault, shortest } from "./password.ts";

export function Password(): JSX.Element {
  const client = useClient();
  const way = useWay();
  const act = useAct();
  const [now, setNow] = useState("");
  const [next, setNext] = useState("");
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState(false);
  const wrong = fault(now, next);
  if (done)
    return (
      <Empty icon="check" title={t("password.done")} text={t("password.doneText")}>
        <Button
          onClick={() => {
            way.back();
          }}
        >
          {t("do.done")}
        </Button>
      </Empty>
    );
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!wrong)
          void act
            .run(() => client.do.changePassword(now, next))
            .then((changed) => {
              setDone(changed);
            });
      }}
    >
      <p class="lead">{t("password.lead")}</p>
      <input type="text" autocomplete="username" value={client.me.value.address} readOnly hidden />
      <Field
        label={t("password.now")}
        kind="password"
        autocomplete="current-password"
        value={now}
        onInput={setNow}
        problem={tried && wrong === "missing" ? t("password.missing") : undefined}
      />
      <Field
        label={t("password.next")}
        kind="password"
        autocomplete="new-password"
        value={next}
        onInput={setNext}
        hint={t("password.hint", { count: shortest })}
        problem={
          tried && wrong === "short"
            ? t("password.short", { count: shortest })
            : tried && wrong === "same"
              ? t("password.same")
              : undefined
        }
      />
      <Problem text={act.problem} />
      <Button submit busy={act.busy !== undefined}>
        {t("password.do")}
      </Button>
    </form>
  );
}
