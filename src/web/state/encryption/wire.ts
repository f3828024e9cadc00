import { bundleAt, listNode, type Version, type Wire } from "../../omemo/index.ts";
import { untold } from "../../xmpp/away.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import * as pubsub from "../../proto/pubsub.ts";
import type { Core } from "../core/core.ts";

/** Device lists and bundles as PEP keeps them. */
export function wire(stream: Core["stream"]): Wire {
  const newest = async (owner: string, node: string, ids?: string[]) =>
    (await pubsub.items(stream, node, { owner, ...(ids ? { ids } : { max: 1 }) })).at(-1)?.payload;
  return {
    fetchDevices: (jid, version) => newest(jid, listNode(version)),
    fetchBundle: (jid, device, version) => {
      const { node, item } = bundleAt(version, device);
      return newest(jid, node, version === "omemo2" ? [item] : undefined);
    },
    publishDevices: (version, list) =>
      pubsub.publish(stream, listNode(version), "current", list, { access: "open" }),
    publishBundle(version: Version, device, bundle) {
      const { node, item } = bundleAt(version, device);
      return pubsub.publish(stream, node, item, bundle, {
        access: "open",
        ...(version === "omemo2" && { max: "max" }),
      });
    },
    async deleteBundle(version, device) {
      const { node, item } = bundleAt(version, device);
      await (
        version === "omemo2" ? pubsub.retract(stream, node, item) : pubsub.removeNode(stream, node)
      ).catch(absent);
    },
    send: (message) => stream.send(message),
  };
}

/** A server that knows no such thing has none; one that is away may have. */
export function none(error: unknown): undefined {
  if (error instanceof StanzaError && !untold(error)) return undefined;
  throw error;
}

function absent(error: unknown): void {
  if (!(error instanceof Error && "condition" in error && error.condition === "item-not-found")) throw error;
}
