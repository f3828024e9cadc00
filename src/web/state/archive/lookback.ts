import type { ChatRow } from "../../store/records.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Address, Found, LookedBack } from "../model.ts";
import type { History } from "./history.ts";
import { finder } from "./search.ts";
import type { Sync } from "./sync.ts";

interface Parts {
  readonly core: Core;
  readonly chats: Chats;
  readonly sync: Sync;
  readonly history: History;
}

const PAGE = 100;

/**
 * One step of a search beyond what is here: the chat whose history reaches back least is read one page further, so that all
 * of them are known back to the same day. What is read stays, as if somebody had scrolled there.
 */
export async function lookBack(
  { core, chats, sync, history }: Parts,
  text: string,
  chat?: Address,
): Promise<LookedBack> {
  const hit = finder(text);
  const rows = chat === undefined ? [...chats.all()] : [chats.get(chat)].filter((row) => row !== undefined);
  /** A group that we are not in has nothing to give now, nor one whose pages bring nothing. */
  const open = () =>
    rows.filter(
      (row) =>
        !row.complete && !row.hidden && !history.inVain(row.id) && sync.upToDate(history.archiveOf(row)),
    );
  const begins = async (row: ChatRow) => (await core.store.stretch(row.id, undefined, "newer", 1))[0];
  const latest = async () => {
    const all = await Promise.all(open().map(async (row) => ({ row, first: await begins(row) })));
    return all.sort((a, b) => (b.first?.at ?? Infinity) - (a.first?.at ?? Infinity))[0];
  };

  const next = await latest();
  if (!core.online) return { found: [], end: "offline" };
  if (!hit || !next) return { found: [], end: "whole" };
  await history.older(next.row.id, PAGE);
  const read = await core.store.stretch(next.row.id, next.first, "older", 2 * PAGE);
  const found = read.map(hit).filter((one): one is Found => one !== undefined);
  const since = chat === undefined ? (await latest())?.first?.at : (await begins(next.row))?.at;
  return {
    found,
    ...(since !== undefined && { since }),
    ...(open().length === 0 && { end: core.online ? ("whole" as const) : ("offline" as const) }),
  };
}
