import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { serverOf } from "../page/links.ts";
import { useClient } from "../context.ts";
import { Row, Section } from "../parts/index.ts";

/** Of the program that it came with; absent where it was not built for one. */
const version = (import.meta.env as { VITE_VERSION?: string }).VITE_VERSION;

export function About(): JSX.Element {
  const client = useClient();
  return (
    <>
      <div class="card">
        <h3>{t("app.name")}</h3>
        <p>{t("about.text")}</p>
        {version && <p class="muted">{t("about.version", { version })}</p>}
      </div>
      <Section>
        <Row icon="info" title={serverOf(client.me.value.address)} text={t("about.home")} />
        <Row icon="help" title={t("do.help")} text={t("about.help")} href="/help" />
        <Row icon="file" title={t("about.licences")} text={t("about.licencesHint")} href="/licenses.txt" />
      </Section>
    </>
  );
}
