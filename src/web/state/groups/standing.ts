import { cut } from "../../i18n/letters.ts";
import type { ChatRow } from "../../store/records.ts";
import type { GroupState } from "../model.ts";
import type { Room } from "./room.ts";

/** Names that a page shows of those who are in a group that anybody may enter. */
const SHOWN = 50;

/** How we stand with a group, as the pages draw it; without a room we are not in it yet. */
export function standing(row: ChatRow, room: Room | undefined): GroupState {
  const { group, request } = row;
  const affiliation = room?.self?.affiliation;
  const people = group?.closed ? group.people : there(room);
  const problem = room?.problem ?? group?.over?.text;
  const runs = affiliation === "owner" || affiliation === "admin";
  const venue = group?.over?.venue;
  return {
    joined: room?.state ?? (request || group?.over ? "out" : "joining"),
    nick: room?.nick ?? group?.nick ?? "",
    closed: group?.closed ?? false,
    role: runs || affiliation === "member" ? affiliation : "none",
    mayAdd: room?.state === "in" && (runs || !group?.closed || group.invites === true),
    voice: room?.self?.role !== "visitor",
    ...(group?.circle && { circle: true }),
    ...(people && { people }),
    ...(problem !== undefined && { problem }),
    ...(venue && { venue }),
    ...(group?.subject && { subject: group.subject }),
    ...(request && group?.inviter && { inviter: group.inviter }),
  };
}

/** Strangers who come and go: those of the moment, and not for longer. */
function there(room: Room | undefined): string[] | undefined {
  if (room?.state !== "in") return undefined;
  const names: string[] = [];
  for (const { nick } of room.occupants.values()) {
    if (nick !== room.nick) names.push(cut(nick, 100));
    if (names.length === SHOWN) break;
  }
  return names.sort((a, b) => a.localeCompare(b));
}
