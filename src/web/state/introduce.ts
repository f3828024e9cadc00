import { bare, resource } from "../xmpp/jid.ts";
import type { Surroundings } from "./messages/surroundings.ts";
import type { Neighbours } from "./core/chats.ts";
import type { Engine } from "./engine.ts";
import { happenings } from "./happenings.ts";
import type { Means } from "./outgoing/outbox.ts";
import { undelivered } from "./core/refusals.ts";
import { standing } from "./groups/standing.ts";

/** Who asks whom: each part of the client knows only what it needs of the others. */
export function introduce(engine: Engine): void {
  const { core, chats, people, rooms, speakers, members, readers } = engine;
  for (const part of [speakers, members, readers]) part.nameOf = (address) => people.nameOf(address);
  members.ownName = (address) => people.ownName(address);
  speakers.mentionable = (room) => members.mentionable(room);
  engine.sync.onFirst = (row, since) => engine.reading.settle(row, since);
  rooms.listeners = happenings(engine);
  people.talks = (address) => chats.get(address) !== undefined;
  people.onChange = (address) => {
    chats.show(address);
    core.aside(engine.requests.person(address));
  };
  chats.neighbours = neighbours(engine);
  engine.messages.around = around(engine);
  engine.outbox.means = means(engine);
}

/** What a chat shows of others. */
function neighbours(engine: Engine): Neighbours {
  const { chats, people, rooms } = engine;
  return {
    nameOf: (address) =>
      address.includes("/")
        ? `${resource(address)} (${chats.get(bare(address))?.name ?? ""})`
        : people.nameOf(address),
    pictureOf: (address) =>
      (chats.isGroup(address) ? chats.get(address)?.picture : people.pictureOf(address)) || undefined,
    known: (address) => people.known(address),
    group: (row) => standing(row, rooms.get(row.id)),
    lock: (row) => engine.encryption.lock(row),
  };
}

/** What reading a message needs to know, and who hears of what it says beside its words. */
function around(engine: Engine): Surroundings {
  const { core, people, rooms, speakers, readers, outbox } = engine;
  return {
    speaker: (room, said) => speakers.speaker(room, said),
    nameOf: (address) => people.nameOf(address),
    known: (address) => people.known(address),
    hears: (room) => rooms.hears(room),
    names: (room, payload) => speakers.names(room, payload),
    open: ({ sender, ...letter }, then) => {
      const real =
        letter.group && sender !== core.me.address ? speakers.addressOf(letter.group, letter.said) : sender;
      return engine.encryption.open({ ...letter, sender: real }, then);
    },
    failed: (work, chat, mid, { condition }) => {
      if (condition === "not-acceptable" && outbox.has(mid)) rooms.forgotten(chat);
      return outbox.failed(work, chat, mid, undelivered(condition));
    },
    waits: (id) => outbox.has(id),
    arrived: (id, work) => outbox.arrived(id, work),
    typing: (chat, who, state) => engine.typing.heard(chat, who, state),
    invited: (said, at) => {
      core.aside(engine.requests.invited(said, at));
      return Promise.resolve();
    },
    subject: (room, text) => engine.rooms.subject(room, text),
    readInGroup: (work, room, said) =>
      readers.heard(work, room, speakers.addressOf(room, said), said.displayed!),
    readByAll: (room, at) => readers.byAll(room, at),
    readElsewhere: (chat, mid) => core.aside(engine.reading.byMessage(chat, mid)),
  };
}

/** What sending asks of others. */
function means({ core, chats, rooms, sync, wording, sealing, attachments }: Engine): Means {
  return {
    ready: (chat) => {
      const room = bare(chat);
      return chats.isGroup(room) ? rooms.in(room) && sync.upToDate(room) : sync.upToDate(core.me.address);
    },
    decide: (chat) => sealing.decide(chat),
    seal: (row) => sealing.seal(row),
    content: (message) => wording.content(message),
    upload: (row) => attachments.upload(row),
  };
}
