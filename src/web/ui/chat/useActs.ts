import { useMemo } from "preact/hooks";
import type { Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { want } from "../media/wanted.ts";
import { tell } from "../shell/passing.ts";
import type { Acts } from "./acts.ts";
import { toggled } from "./Reactions.tsx";

function names(chat: Chat, people: Iterable<{ name: string }>, own: string): string[] {
  if (!chat.group) return [];
  return [...new Set([chat.group.nick, own, ...[...people].map((person) => person.name)])];
}

/** The acts of an open chat; the pane carries out itself what opens something in it. */
export function useActs(
  id: string,
  chat: Chat | undefined,
  pane: Pick<Acts, "menu" | "picker" | "reply" | "jump" | "view">,
): Acts {
  const client = useClient();
  const own = client.me.value.name;
  return useMemo<Acts>(
    () => ({
      ...pane,
      react: (message, emoji) => {
        tell(client.do.react(message.id, toggled(message.reactions, emoji)));
      },
      view: (message) => {
        want(message.id);
        pane.view(message);
      },
      retry: (message) => {
        tell(client.do.retry(message.id));
      },
      cancel: (message) => {
        tell(client.do.cancel(message.id));
      },
      names: chat ? names(chat, client.people.peek().values(), own) : [],
    }),
    [client, id, own, chat?.group?.nick],
  );
}
