import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { Button, Empty, Icon } from "../parts/index.ts";
import { install, installingHere } from "./install.ts";

/** To the home screen: by the browser's own question where it has one, else by words. */
export function Install(): JSX.Element {
  const how = installingHere();
  if (how === "installed")
    return <Empty icon="check" title={t("install.done")} text={t("install.doneText")} />;
  if (how === "offered")
    return (
      <Empty icon="download" title={t("install.lead")} text={t("install.why")}>
        <Button onClick={() => void install()}>{t("install.do")}</Button>
      </Empty>
    );
  return (
    <div class="stack">
      <p class="lead">{t("install.why")}</p>
      {how === "ios" ? (
        <ol class="steps">
          <li>
            {t("install.ios1")} <Icon name="share" size={20} />
          </li>
          <li>{t("install.ios2")}</li>
          <li>{t("install.ios3")}</li>
        </ol>
      ) : (
        <p>{t("install.elsewhere")}</p>
      )}
      {how === "ios" && <p class="muted">{t("install.iosPush")}</p>}
    </div>
  );
}
