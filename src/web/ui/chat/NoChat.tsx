import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Address } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Button, Empty } from "../parts/index.ts";
import { familiar } from "../shell/people.ts";
import { tell } from "../shell/passing.ts";

/** In the place of a chat that is not in the list: with somebody one knows it is begun here. */
export function NoChat({ id, onBack }: { id: Address; onBack: () => void }): JSX.Element {
  const client = useClient();
  const person = client.people.value.get(id);
  if (person && familiar(person))
    return (
      <Empty icon="chat" title={t("chat.empty")} text={t("chat.emptyText", { name: person.name })}>
        <Button look="soft" icon="add" onClick={() => tell(client.do.chat(id))}>
          {t("list.new")}
        </Button>
      </Empty>
    );
  return (
    <Empty icon="chat" title={t("chat.unknown")} text={t("chat.unknownText")}>
      <Button look="soft" icon="back" onClick={onBack}>
        {t("do.back")}
      </Button>
    </Empty>
  );
}
