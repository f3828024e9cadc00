import { resource } from "../../xmpp/jid.ts";
import type { ChatRow, MessageRow } from "../../store/records.ts";
import type { Arrival } from "./arrival.ts";
import type { Core } from "../core/core.ts";

type Words = Pick<MessageRow, "kind" | "text" | "encrypted"> & Partial<MessageRow>;
type Known = Words & Pick<MessageRow, "id" | "chat" | "at" | "seq" | "own" | "from" | "who">;

/** The one place where a message's row is made: nothing has been said of it yet but what is known. */
const row = (known: Known): MessageRow => ({
  reactions: {},
  edited: false,
  retracted: false,
  mention: false,
  ...known,
});

/** What has come in. */
export function arrived(core: Core, arrival: Arrival, words: Words): MessageRow {
  const { said, chat, group, speaker, at, mid, stanzaId } = arrival;
  const id = stanzaId && (group ? `${chat} ${stanzaId}` : stanzaId);
  return row({
    id: id ?? crypto.randomUUID(),
    chat,
    at,
    seq: core.order(stanzaId),
    ...speaker,
    ...(group && { nick: resource(said.from) }),
    ...(mid && { mid }),
    ...(stanzaId && { stanzaId }),
    ...(speaker.own && { state: "sent" as const }),
    ...words,
  });
}

/** A message of our own as it stands before it is sent: last, also by a clock that is behind. */
export function draft(
  core: Core,
  { id: chat, at }: Pick<ChatRow, "id" | "at">,
  words: Words,
  id: string = crypto.randomUUID(),
): MessageRow {
  const { address: from, name: who } = core.me;
  return row({
    id,
    mid: id,
    chat,
    at: Math.max(core.now(), at + 1),
    seq: core.order(),
    own: true,
    from,
    who,
    state: "waiting",
    ...words,
  });
}

/** A quiet line of the chat itself. */
export function notice(core: Core, chat: string, text: string): MessageRow {
  return row({
    id: crypto.randomUUID(),
    chat,
    at: core.now(),
    seq: core.order(),
    own: false,
    from: "",
    who: "",
    kind: "notice",
    text,
    encrypted: false,
  });
}
