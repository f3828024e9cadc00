import { StanzaError } from "../xmpp/errors.ts";
import { x, type Element } from "../xmpp/xml.ts";
import type { Asker } from "./asker.ts";
import { form } from "./forms.ts";
import { N } from "./ns.ts";

export interface Item {
  id: string;
  payload: Element | undefined;
}

/** A change that a node tells (XEP-0060 section 7.1.2.1): what is new and what is gone. */
export interface Event {
  from: string;
  node: string;
  items: Item[];
  retracted: string[];
}

export interface PublishOptions {
  access?: "open" | "presence" | "whitelist";
  max?: string;
  sendLast?: "never" | "on_sub_and_presence";
}

const OPTIONS = N.publishOptions;

/** A node's items, newest last; of another account when `owner` is given. A node that is not there has none. */
export async function items(
  stream: Asker,
  node: string,
  ask: { owner?: string; ids?: string[]; max?: number } = {},
): Promise<Item[]> {
  const wanted = (ask.ids ?? []).map((id) => x("item", { id }));
  const iq = x(
    "iq",
    { type: "get", to: ask.owner },
    x("pubsub", { xmlns: N.pubsub }, x("items", { node, max_items: ask.max }, ...wanted)),
  );
  try {
    const result = await stream.request(iq);
    return read(result.getChild("pubsub", N.pubsub)?.getChild("items"));
  } catch (error) {
    if (error instanceof StanzaError && error.condition === "item-not-found") return [];
    throw error;
  }
}

/** Publishes to one's own node (XEP-0060 section 7.1); the options hold for a node that is made by it, or are asked of the one that is there. */
export async function publish(
  stream: Asker,
  node: string,
  id: string,
  payload: Element,
  options?: PublishOptions,
): Promise<void> {
  const wanted =
    options &&
    x(
      "publish-options",
      {},
      form(OPTIONS, {
        "pubsub#persist_items": "true",
        "pubsub#access_model": options.access,
        "pubsub#max_items": options.max,
        "pubsub#send_last_published_item": options.sendLast,
      }),
    );
  await stream.request(
    x(
      "iq",
      { type: "set" },
      x("pubsub", { xmlns: N.pubsub }, x("publish", { node }, x("item", { id }, payload)), wanted),
    ),
  );
}

export async function retract(stream: Asker, node: string, id: string): Promise<void> {
  await stream.request(
    x(
      "iq",
      { type: "set" },
      x("pubsub", { xmlns: N.pubsub }, x("retract", { node, notify: "true" }, x("item", { id }))),
    ),
  );
}

export async function removeNode(stream: Asker, node: string): Promise<void> {
  await stream.request(
    x("iq", { type: "set" }, x("pubsub", { xmlns: N.pubsubOwner }, x("delete", { node }))),
  );
}

/** The event in a message, if there is one. */
export function event(message: Element): Event | undefined {
  const holder = message.getChild("event", N.pubsubEvent)?.getChild("items");
  if (!holder?.attrs.node) return undefined;
  return {
    from: message.attrs.from ?? "",
    node: holder.attrs.node,
    items: read(holder),
    retracted: holder.getChildren("retract").flatMap((item) => item.attrs.id ?? []),
  };
}

function read(holder: Element | undefined): Item[] {
  return (holder?.getChildren("item") ?? []).map((item) => ({
    id: item.attrs.id ?? "",
    payload: item.getChildElements()[0],
  }));
}
