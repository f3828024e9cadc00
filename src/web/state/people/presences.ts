import { bare } from "../../xmpp/jid.ts";
import type { Element } from "../../xmpp/xml.ts";
import type { Core } from "../core/core.ts";
import type { Address, Presence } from "../model.ts";

/** Of one person at the same time. */
const DEVICES = 30;

/** Who of the contacts is there, on how many devices whatever. */
export class Presences {
  /** Show of each resource that is there. */
  private readonly resources = new Map<Address, Map<string, Presence>>();

  constructor(private readonly core: Core) {}

  views(): [Address, Presence][] {
    return [...this.resources.keys()].map((address) => [address, this.of(address)]);
  }

  /** That one of somebody's devices is there, or not. */
  take(stanza: Element): void {
    const from = stanza.attrs.from ?? "";
    const address = bare(from);
    const here = this.resources.get(address) ?? new Map<string, Presence>();
    if (stanza.attrs.type === "unavailable") here.delete(from);
    else if (here.has(from) || here.size < DEVICES) here.set(from, showOf(stanza));
    if (here.size > 0) this.resources.set(address, here);
    else this.resources.delete(address);
    this.core.emit({ presence: [[address, this.of(address)]] });
  }

  /** Somebody is no contact any more. */
  forget(address: Address): void {
    if (this.resources.delete(address)) this.core.emit({ presence: [[address, "offline"]] });
  }

  /** Nobody is known to be there once the stream is gone. */
  lost(): void {
    const gone = [...this.resources.keys()];
    this.resources.clear();
    this.core.emit({ presence: gone.map((address) => [address, "offline"]) });
  }

  private of(address: Address): Presence {
    const all = [...(this.resources.get(address)?.values() ?? [])];
    return (["online", "away", "busy"] as const).find((one) => all.includes(one)) ?? "offline";
  }
}

function showOf(stanza: Element): Presence {
  const show = stanza.getChildText("show");
  return show === "away" || show === "xa" ? "away" : show === "dnd" ? "busy" : "online";
}
