import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { full } from "../../i18n/times.ts";
import type { Invite } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Button, Icon } from "../parts/index.ts";
import { useAct } from "../page/act.ts";
import { CopyButton, LinkBox, Problem, Qr, ShareButton } from "../page/index.ts";

/** A link for somebody who is not here yet. It is made on demand: each one is good for one person. */
export function Invitation(): JSX.Element {
  const client = useClient();
  const act = useAct();
  const [invite, setInvite] = useState<Invite>();
  if (!invite)
    return (
      <div class="card">
        <span class="empty-icon">
          <Icon name="person-add" size={34} />
        </span>
        <h3>{t("invite.lead")}</h3>
        <p>{t("invite.text")}</p>
        <Button
          busy={act.busy !== undefined}
          onClick={() =>
            void act.run(async () => {
              setInvite(await client.do.invite());
            })
          }
        >
          {t("invite.make")}
        </Button>
        <Problem text={act.problem} />
      </div>
    );
  return (
    <div class="card" role="status">
      <Qr text={invite.link} label={t("invite.code")} />
      <p>{t("invite.ready")}</p>
      {invite.expires !== undefined && (
        <p class="muted">{t("invite.until", { day: full(invite.expires) })}</p>
      )}
      <LinkBox text={invite.link} />
      <div class="card-do">
        <ShareButton
          title={t("app.name")}
          text={t("invite.shareText", { name: client.me.value.name })}
          link={invite.link}
        />
        <CopyButton text={invite.link} />
      </div>
    </div>
  );
}
