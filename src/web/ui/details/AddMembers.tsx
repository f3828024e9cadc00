import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Address, Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { useAct, useLoaded } from "../page/act.ts";
import { Pane, PeoplePicker, Problem } from "../page/index.ts";
import { useWay } from "../shell/way.ts";
import { Button, Skeleton } from "../parts/index.ts";

export function AddMembers({ chat }: { chat: Chat }): JSX.Element {
  const client = useClient();
  const way = useWay();
  const act = useAct();
  const [chosen, setChosen] = useState<Address[]>([]);
  const members = useLoaded(() => client.do.members(chat.id), [chat.id]);
  const inside = new Set(members.value?.flatMap((one) => (one.address ? [one.address] : [])));
  return (
    <Pane
      title={t("group.add")}
      page="add"
      footer={
        <Button
          wide
          disabled={!chosen.length}
          busy={act.busy !== undefined}
          onClick={() =>
            void act.run(async () => {
              await client.do.addMembers(chat.id, chosen);
              way.back();
            })
          }
        >
          {chosen.length ? t("group.addCount", { count: chosen.length }) : t("group.add")}
        </Button>
      }
    >
      <Problem text={act.problem ?? members.problem} />
      {(members.value ?? members.problem) ? (
        <PeoplePicker chosen={chosen} onChange={setChosen} without={inside} />
      ) : (
        <Skeleton rows={5} />
      )}
    </Pane>
  );
}
