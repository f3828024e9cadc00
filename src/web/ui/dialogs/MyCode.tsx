import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { useClient } from "../context.ts";
import { Avatar } from "../parts/index.ts";
import { useLoaded } from "../page/act.ts";
import { contactLink } from "../page/links.ts";
import { CopyRow, Qr, ShareButton } from "../page/index.ts";

/** One's own code: whoever scans it has the address and, on an own device, the keys. */
export function MyCode({ hint }: { hint?: string }): JSX.Element {
  const client = useClient();
  const me = client.me.value;
  const link = contactLink(me.address);
  const code = useLoaded(() => (me.own ? client.do.code() : Promise.resolve(link)), [me.own, link]);
  return (
    <div class="card">
      <Avatar address={me.address} name={me.name} picture={me.picture} size={64} />
      <h3>
        <bdi>{me.name}</bdi>
      </h3>
      {/* Without keys it still is the address, so that a failure of the one does not take the other away. */}
      {(code.value ?? code.problem) && (
        <Qr text={code.value ?? link} label={t("code.of", { name: me.name })} />
      )}
      <p>{hint ?? t("code.mineText")}</p>
      <div class="rows wide">
        <CopyRow label={t("settings.address")} text={me.address} />
      </div>
      <div class="card-do">
        <ShareButton title={me.name} text={t("code.shareText")} link={link} />
      </div>
    </div>
  );
}
