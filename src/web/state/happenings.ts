import { t } from "../i18n/index.ts";
import { list } from "../i18n/times.ts";
import type { Engine } from "./engine.ts";
import type { Address } from "./model.ts";
import type { Listeners } from "./groups/rooms.ts";

/** Of those who came or went at once, so many are named. */
const NAMED = 20;

/** What follows from what happens in a group; what a person should know is a quiet line of its chat. */
export function happenings(engine: Engine): Listeners {
  const { chats, groups, members, messages, outbox, people, readers } = engine;
  const say = async (chat: Address, key: "notice.came" | "notice.went", who: readonly Address[]) => {
    const names = who.slice(0, NAMED).map((one) => people.nameOf(one));
    if (names.length > 0) await messages.note(chat, t(key, { who: list(names) }));
  };
  const listeners: Listeners = {
    async ready(row) {
      outbox.pump();
      // Whether anybody may enter is known now.
      await chats.save(row, groups.wished(row));
      await listeners.member(row);
    },
    async member(row) {
      const { came, went } = await members.count(row);
      await readers.settle(row);
      await say(row.id, "notice.came", came);
      await say(row.id, "notice.went", went);
    },
    out: (row, text) => messages.note(row.id, text),
    over: (row, text, venue) => groups.over(row, text, venue),
  };
  return listeners;
}
