import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Person } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { useAct } from "../page/act.ts";
import { Problem } from "../page/index.ts";
import { byName } from "../shell/people.ts";
import { Avatar, Button, Empty, Row } from "../parts/index.ts";

/** Who is blocked, here and on every other device, and the way back. */
export function Blocked(): JSX.Element {
  const blocked = [...useClient().people.value.values()].filter((one) => one.blocked).sort(byName);
  if (!blocked.length)
    return <Empty icon="block" title={t("settings.noneBlocked")} text={t("settings.noneBlockedText")} />;
  return (
    <>
      <p class="lead">{t("settings.blockedLead")}</p>
      {blocked.map((person) => (
        <One key={person.address} person={person} />
      ))}
    </>
  );
}

function One({ person }: { person: Person }): JSX.Element {
  const { do: commands } = useClient();
  const act = useAct();
  return (
    <>
      <Row
        before={<Avatar address={person.address} name={person.name} picture={person.picture} size={44} />}
        title={<bdi>{person.name}</bdi>}
        text={person.address}
      />
      <div class="row-below">
        <Button
          look="soft"
          busy={act.busy !== undefined}
          onClick={() => void act.run(() => commands.block(person.address, false))}
        >
          {t("chat.unblock")}
        </Button>
      </div>
      <Problem text={act.problem} />
    </>
  );
}
