import { clone, x, type Element } from "../xmpp/xml.ts";
import type { Asker } from "./asker.ts";
import { N } from "./ns.ts";
import { items, publish, type Item } from "./pubsub.ts";

/** What a person wants of a chat on all devices: to be told of what (XEP-0492), and to have it on top (XEP-0469). */
export interface Wish {
  mute?: "no" | "mentions" | "all";
  pinned: boolean;
}

const NAMES = { no: "always", mentions: "on-mention", all: "never" } as const;

/** What a bookmark's extensions say, or an item of the node below. */
export function read(holder: Element | undefined): Wish {
  const said = settings(holder?.getChild("notify", N.notify))[0]?.getName();
  const mute = (["no", "mentions", "all"] as const).find((one) => NAMES[one] === said);
  return { pinned: holder?.getChild("pinned", N.pinned) !== undefined, ...(mute && { mute }) };
}

/** A changed copy; what others put there stays as it is. */
export function change(holder: Element, { mute, pinned }: Partial<Wish>): Element {
  const next = clone(holder);
  if (mute !== undefined) setMute(next, NAMES[mute]);
  if (pinned === undefined) return next;
  const pin = next.getChild("pinned", N.pinned);
  if (pinned && !pin) next.append(x("pinned", { xmlns: N.pinned }));
  if (!pinned && pin) next.remove(pin);
  return next;
}

function setMute(holder: Element, name: string): void {
  let notify = holder.getChild("notify", N.notify);
  if (!notify) holder.append((notify = x("notify", { xmlns: N.notify })));
  const ours = settings(notify);
  // With what hangs on them, which is not ours to lose.
  for (const one of ours) one.name = name;
  if (!ours.some((one) => !one.attrs["identity-category"])) notify.append(x(name));
}

/** Those that count for this client, the most specific first (XEP-0492 section 4). */
function settings(notify: Element | undefined): Element[] {
  const all = notify?.getChildElements() ?? [];
  const of = (category: string | undefined, type: string | undefined) =>
    all.filter(({ attrs }) => attrs["identity-category"] === category && attrs["identity-type"] === type);
  return [...of("client", "web"), ...of("client", undefined), ...of(undefined, undefined)];
}

/** Of chats with people, whom no bookmark names: a node of one's own, an item for each address. */
export interface Kept {
  chat: string;
  holder: Element;
}

export async function kept(stream: Asker): Promise<Kept[]> {
  return (await items(stream, N.chats)).flatMap(readKept);
}

export const readKept = ({ id, payload }: Item): Kept[] =>
  payload?.is("chat", N.chats) ? [{ chat: id, holder: payload }] : [];

export const nothing = (): Element => x("chat", { xmlns: N.chats });

export const keep = (stream: Asker, { chat, holder }: Kept): Promise<void> =>
  publish(stream, N.chats, chat, clone(holder), { access: "whitelist", max: "max", sendLast: "never" });
