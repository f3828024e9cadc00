import { x } from "../xmpp/xml.ts";
import type { Asker } from "./asker.ts";
import { N } from "./ns.ts";
import { items, publish, type Item } from "./pubsub.ts";

/** How far a chat has been read, on whatever device (XEP-0490). */
export interface Displayed {
  chat: string;
  stanzaId: string;
}

export async function displayed(stream: Asker): Promise<Displayed[]> {
  return (await items(stream, N.displayed)).flatMap(read);
}

export function read(item: Item): Displayed[] {
  const id = item.payload?.is("displayed", N.displayed)
    ? item.payload.getChild("stanza-id", N.stanzaId)?.attrs.id
    : undefined;
  return id === undefined ? [] : [{ chat: item.id, stanzaId: id }];
}

/** `by` is the archive that gave the id: the own account's, or the room. */
export async function tell(stream: Asker, chat: string, stanzaId: string, by: string): Promise<void> {
  const payload = x(
    "displayed",
    { xmlns: N.displayed },
    x("stanza-id", { xmlns: N.stanzaId, id: stanzaId, by }),
  );
  await publish(stream, N.displayed, chat, payload, { access: "whitelist", max: "max", sendLast: "never" });
}
