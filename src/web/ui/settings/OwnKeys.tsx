import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { useClient } from "../context.ts";
import { KeyList } from "../details/Keys.tsx";
import { MyCode } from "../dialogs/MyCode.tsx";
import { Section } from "../parts/index.ts";
import "../details/details.css";

/** The keys of this device and of one's others, and the code with which friends check them. */
export function OwnKeys(): JSX.Element {
  const client = useClient();
  return (
    <>
      <p class="lead">{t("keys.ownLead")}</p>
      <KeyList address={client.me.value.address} />
      <Section title={t("code.mine")}>
        <MyCode hint={t("keys.ownCode")} />
      </Section>
    </>
  );
}
