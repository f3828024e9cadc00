import type { Chat, GroupState, Preview } from "../../state/model.ts";
import { day, home, hour, minute, now } from "./people.ts";

function preview(who: string, text: string, more: Partial<Preview> = {}): Preview {
  return { message: "last", who, own: false, text, kind: "text", ...more };
}

function chat(id: string, name: string, at: number, more: Partial<Chat> = {}): Chat {
  return {
    id,
    kind: "person",
    name,
    at,
    unread: 0,
    mentions: 0,
    pinned: false,
    mute: "no",
    request: false,
    lock: "on",
    lockable: "yes",
    ...more,
  };
}

/** One in which nothing was said yet. */
export const fresh = (id: string, name: string): Chat => chat(id, name, now, { lock: "off" });

function group(more: Partial<GroupState> = {}): GroupState {
  return { joined: "in", nick: "Anna", closed: true, role: "member", voice: true, ...more };
}

/** Sorted as the list shows them: pinned first, then by time. */
export function chats(): Chat[] {
  return [
    chat(`family@groups.${home}`, "Family", now - 3 * minute, {
      kind: "group",
      pinned: true,
      unread: 2,
      mentions: 1,
      firstUnread: "family-new",
      lock: "verified",
      group: group({ role: "owner", mayAdd: true, subject: "Sunday: cake at four" }),
      last: preview("Oma", "The cake is in the oven 🎂"),
    }),
    chat("greta@elsewhere.example", "Greta", now - 8 * minute, {
      request: true,
      unread: 1,
      lock: "off",
      last: preview("", "Hi Anna, I am Ben's teacher. Is this the right address?"),
    }),
    chat(`ben@${home}`, "Ben", now - 35 * minute, {
      unread: 1,
      picture: "ben",
      lock: "undecided",
      last: preview("", "0:14", { kind: "voice" }),
    }),
    chat(`mia@${home}`, "Mia", now - 110 * minute, {
      picture: "mia",
      lock: "verified",
      last: preview("", "See you at the station", { own: true, state: "read" }),
    }),
    chat(`school@groups.${home}`, "Schulaufgabenbesprechungsgruppe 7b", now - 4 * hour, {
      kind: "group",
      mute: "mentions",
      unread: 128,
      lock: "off",
      group: group(),
      last: preview(
        "Jonas",
        "https://www.example.org/a/very/long/address/that/never/ends?and=goes&on=and&on=for&ever=1",
      ),
    }),
    chat(`nour@${home}`, "نور الدين", now - 6 * hour, {
      last: preview("", "شكراً جزيلاً! نراكم يوم الأحد إن شاء الله"),
    }),
    chat(`football@groups.${home}`, "Sunday football", now - day, {
      kind: "group",
      lock: "off",
      lockable: "open",
      group: group({ closed: false }),
      last: preview("Jonas", "Who brings the ball?"),
    }),
    chat(`oma@${home}`, "Oma", now - day - hour, {
      draft: "Shall I bring the big pot or",
      last: preview("", "Missed call", { kind: "call" }),
    }),
    chat(`friederike@${home}`, "Tante Friederike-Charlotte von Hohenstein-Schwarzenberg", now - 2 * day, {
      mute: "all",
      unread: 3,
      last: preview("", "Urlaub.jpg", { kind: "photo" }),
    }),
    chat("tom@other.example", "Tom", now - 3 * day, {
      lock: "off",
      last: preview("", "Contract.pdf", { kind: "file", own: true, state: "failed" }),
    }),
    chat(`history@groups.${home}`, "Ten years of us", now - 5 * day, {
      kind: "group",
      lock: "off",
      group: group(),
      last: preview("Mia", "Message 10000", { own: false }),
    }),
    chat("dana@other.example", "דנה", now - 40 * day, {
      lockable: "noApp",
      lock: "off",
      last: preview("", "שבת שלום לכולם", { own: true, state: "sent" }),
    }),
    chat(`board@groups.${home}`, "Notice board", now - 400 * day, {
      kind: "group",
      lock: "off",
      lockable: "open",
      group: group({ voice: false, closed: false }),
      last: preview("", "The board is for announcements", { kind: "notice" }),
    }),
  ];
}
