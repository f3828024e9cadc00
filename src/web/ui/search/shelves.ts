import { daysBetween } from "../../i18n/times.ts";
import type { Address, Found } from "../../state/model.ts";

export interface Shelf {
  chat: Address;
  /** How many there are, of which `days` may show fewer. */
  count: number;
  days: { at: number; found: Found[] }[];
}

/** By chat, the one with the newest hit first, and inside of it by day, newest first; at most so many of each chat. */
export function shelves(found: readonly Found[], most = Infinity): Shelf[] {
  const sorted = [...found].sort((a, b) => b.at - a.at);
  const byChat = new Map<Address, Found[]>();
  for (const one of sorted) {
    const list = byChat.get(one.chat);
    if (list) list.push(one);
    else byChat.set(one.chat, [one]);
  }
  return [...byChat].map(([chat, list]) => ({ chat, count: list.length, days: days(list.slice(0, most)) }));
}

function days(list: readonly Found[]): Shelf["days"] {
  const made: Shelf["days"] = [];
  for (const one of list) {
    const last = made.at(-1);
    if (last && daysBetween(one.at, last.at) === 0) last.found.push(one);
    else made.push({ at: one.at, found: [one] });
  }
  return made;
}
