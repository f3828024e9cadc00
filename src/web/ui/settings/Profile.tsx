import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { useClient } from "../context.ts";
import { Head } from "../details/Head.tsx";
import { CopyRow, Qr } from "../page/index.ts";
import { contactLink } from "../page/links.ts";
import { PictureButton } from "../dialogs/Picture.tsx";
import { Section } from "../parts/index.ts";

/** Oneself, as others see one. */
export function Profile(): JSX.Element {
  const client = useClient();
  const me = client.me.value;
  return (
    <>
      <Head
        picture={
          <PictureButton
            address={me.address}
            name={me.name}
            kept={me.picture}
            onChange={(picture) => client.do.setPicture(picture)}
          />
        }
        name={me.name}
        renameLabel={t("settings.name")}
        renameHint={t("settings.nameHint")}
        onRename={(name) => client.do.setName(name)}
      />
      <Section>
        <CopyRow label={t("settings.address")} text={me.address} />
      </Section>
      <Section>
        <div class="card">
          <Qr text={contactLink(me.address)} label={t("code.of", { name: me.name })} />
          <p class="muted">{t("code.mineText")}</p>
        </div>
      </Section>
    </>
  );
}
