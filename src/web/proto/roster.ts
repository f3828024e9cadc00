import { x, type Element } from "../xmpp/xml.ts";
import type { Asker } from "./asker.ts";
import { N } from "./ns.ts";

export interface RosterItem {
  address: string;
  name?: string;
  groups: string[];
  subscription: "none" | "to" | "from" | "both" | "remove";
  /** We asked to see their presence and wait. */
  ask: boolean;
}

export interface Roster {
  version?: string;
  /** Absent: nothing has changed since the version that was asked with (RFC 6121 section 2.6.2). */
  items?: RosterItem[];
}

export async function roster(stream: Asker, version: string | undefined): Promise<Roster> {
  const query = (
    await stream.request(x("iq", { type: "get" }, x("query", { xmlns: N.roster, ver: version ?? "" })))
  ).getChild("query", N.roster);
  return query ? read(query) : { ...(version !== undefined && { version }) };
}

/** A push, which only the own server may send (RFC 6121 section 2.1.6); `iq` has been checked for that. */
export function read(query: Element): Roster & { items: RosterItem[] } {
  return {
    ...(query.attrs.ver !== undefined && { version: query.attrs.ver }),
    items: query.getChildren("item").flatMap((item) => {
      if (!item.attrs.jid) return [];
      return {
        address: item.attrs.jid,
        ...(item.attrs.name && { name: item.attrs.name }),
        groups: item.getChildren("group").map((group) => group.getText()),
        subscription: (item.attrs.subscription ?? "none") as RosterItem["subscription"],
        ask: item.attrs.ask === "subscribe",
      };
    }),
  };
}

export async function setItem(
  stream: Asker,
  address: string,
  name: string | undefined,
  groups: readonly string[],
): Promise<void> {
  const item = x("item", { jid: address, name }, ...groups.map((group) => x("group", {}, group)));
  await stream.request(x("iq", { type: "set" }, x("query", { xmlns: N.roster }, item)));
}

export async function removeItem(stream: Asker, address: string): Promise<void> {
  await stream.request(
    x(
      "iq",
      { type: "set" },
      x("query", { xmlns: N.roster }, x("item", { jid: address, subscription: "remove" })),
    ),
  );
}
