import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { useClient } from "../context.ts";
import { useAct } from "../page/act.ts";
import { Problem } from "../page/index.ts";
import { Confirm } from "../parts/index.ts";

/** Says what goes with it before it does. */
export function SignOut({ onClose }: { onClose: () => void }): JSX.Element {
  const client = useClient();
  const act = useAct();
  const own = client.me.value.own;
  return (
    <Confirm
      title={t("signout.ask")}
      text={
        <>
          {own ? t("signout.own") : t("signout.foreign")}
          {own && <strong class="para">{t("signout.lost")}</strong>}
          <Problem text={act.problem} />
        </>
      }
      action={t("signout.do")}
      wrong
      busy={act.busy !== undefined}
      onClose={onClose}
      onConfirm={() => void act.run(() => client.do.signOut())}
    />
  );
}
