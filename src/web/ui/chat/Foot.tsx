import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Chat, GroupState } from "../../state/model.ts";
import { Composer } from "../composer/Composer.tsx";
import type { Doing } from "../composer/Doing.tsx";
import { useClient } from "../context.ts";
import { Button } from "../parts/index.ts";
import { tell } from "../shell/passing.ts";
import { go, href } from "../shell/route.ts";
import { RequestBar } from "./later.ts";

/** Why nothing can be written here, or undefined. */
function silent(chat: Chat, blocked: boolean): string | undefined {
  if (blocked) return t("chat.blocked", { name: chat.name });
  if (chat.group?.joined === "out") return chat.group.problem ?? t("chat.out");
  if (chat.group && chat.group.joined === "in" && !chat.group.voice) return t("chat.noVoice");
  return undefined;
}

/** Where one writes; or why one cannot, and what can be done about it. */
export function Foot(props: {
  chat: Chat;
  doing: Doing | undefined;
  onDoing: (doing: Doing | undefined) => void;
}): JSX.Element {
  const client = useClient();
  const { chat } = props;
  const blocked = client.people.value.get(chat.id)?.blocked ?? false;
  if (chat.request && !blocked) return RequestBar ? <RequestBar chat={chat} /> : <></>;
  const why = silent(chat, blocked);
  if (!why) return <Composer key={chat.id} chat={chat} doing={props.doing} onDoing={props.onDoing} />;
  return (
    <p class="silent">
      <span>{why}</span>
      {blocked && (
        <Button look="soft" onClick={() => tell(client.do.block(chat.id, false))}>
          {t("chat.unblock")}
        </Button>
      )}
      {chat.group?.joined === "out" && <Back chat={chat} group={chat.group} />}
    </p>
  );
}

/** The way into a group that one is out of, or to where it goes on. */
function Back({ chat, group }: { chat: Chat; group: GroupState }): JSX.Element {
  const client = useClient();
  const { venue } = group;
  const join = async () => {
    const joined = await client.do.joinGroup(venue ?? chat.id);
    if (venue) go(href("chat", joined));
  };
  return (
    <Button look="soft" onClick={() => tell(join())}>
      {venue ? t("chat.joinNext") : t("chat.joinAgain")}
    </Button>
  );
}
