import { t } from "../i18n/index.ts";
import { unreached } from "../xmpp/away.ts";
import { Refused, StanzaError } from "../xmpp/errors.ts";
import { bare, domain, valid } from "../xmpp/jid.ts";
import * as account from "../proto/account.ts";
import * as avatars from "../proto/avatars.ts";
import { info, services } from "../proto/disco.ts";
import * as muc from "../proto/muc.ts";
import type { MessageRow } from "../store/records.ts";
import type { Commands } from "./client.ts";
import type { Engine } from "./engine.ts";
import type { Address, Card, PublicGroup } from "./model.ts";
import { inWords, problem } from "./core/refusals.ts";

/** What a person can do, carried out. A refusal of the box is told in words. */
export function commands(engine: Engine): Omit<Commands, "signOut" | "dismiss"> {
  return {
    ...talking(engine),
    ...listing(engine),
    ...knowing(engine),
    ...grouping(engine),
    ...keeping(engine),
  };
}

function talking(engine: Engine) {
  const { sending, changing, outbox, media, messages, core } = engine;
  return {
    remove: async (message) => (await import("./outgoing/removing.ts")).removeHere(engine, message),
    send: (chat, text, options) => sending.text(chat, text, options),
    sendFile: (chat, file, options) => sending.file(chat, file, options),
    async cancel(message) {
      media.cancel(message);
      await outbox.cancel(message);
    },
    async retry(message) {
      const row = await core.store.get<MessageRow>("messages", message);
      if (row) await outbox.retry(row);
    },
    edit: (message, text) => changing.edit(message, text),
    retract: (message) => inWords(changing.retract(message)),
    react: (message, emojis) => changing.react(message, emojis),
    forward: (message, chats) => sending.forward(message, chats),
    measured: (message, url, shape) =>
      messages.change(async (work) => {
        const row = await work.message(message);
        // It may have been edited or taken back meanwhile.
        if (row?.attachment?.url === url) work.put({ ...row, attachment: { ...shape, ...row.attachment } });
      }),
  } satisfies Partial<Commands>;
}

function listing(engine: Engine) {
  const { core, chats, reading, readers, typing, wishes } = engine;
  const row = (chat: Address) => chats.ensure(chat);
  return {
    readers: (message) => readers.of(message),
    read: (chat, message) => reading.here(chat, message),
    typing: (chat, now) => Promise.resolve(typing.self(chat, now)),
    draft: (chat, text) => chats.save(row(chat), text ? { draft: text } : { draft: "" }),
    pin: (chat, on) => inWords(wishes.pin(chat, on)),
    mute: (chat, mute) => inWords(wishes.mute(chat, mute)),
    async hide(chat, on) {
      // It may have been left elsewhere meanwhile.
      if (on || row(chat).stowed) await chats.save(row(chat), { hidden: on, stowed: on });
    },
    async search(text, chat) {
      const found = await (await import("./archive/search.ts")).search(core.store, text, chat);
      return found.map((one) => {
        const of = chats.get(one.chat);
        return of?.stowed ? { ...one, stowed: chats.view(of).name } : one;
      });
    },
    lookBack: async (text, chat) => (await import("./archive/lookback.ts")).lookBack(engine, text, chat),
  } satisfies Partial<Commands>;
}

function knowing({ core, chats, people, requests }: Engine) {
  const whole = (text: string): Address => {
    const address = bare(
      text
        .trim()
        .replace(/^xmpp:/i, "")
        .replace(/\?.*$/, ""),
    );
    const full = address.includes("@") ? address : `${address}@${core.domain}`;
    if (!valid(full)) throw new Error(t("error.address"));
    return full;
  };
  return {
    async chat(address) {
      const id = whole(address);
      if (id === core.me.address) throw new Error(t("error.own"));
      const row = chats.ensure(id);
      await chats.save(row, { hidden: false, stowed: false, at: row.at || core.now() });
      return id;
    },
    lookUp: (text) => lookUp(core.stream, whole(text), people.nameOf(whole(text))),
    addPerson: (address, name) => inWords(people.add(whole(address), name)),
    rename: (address, name) => inWords(people.rename(address, name)),
    removePerson: (address) => inWords(people.remove(address)),
    accept: (chat) => inWords(requests.accept(chat)),
    decline: (chat) => inWords(requests.decline(chat)),
    block: (address, on) => inWords(people.block(address, on)),
    report: (address, spam, text) => inWords(people.block(address, true, { spam, ...(text && { text }) })),
    invite: () => {
      const why = t("error.mayNotInvite");
      return inWords(account.invite(core.stream), { forbidden: why, "not-allowed": why });
    },
  } satisfies Partial<Commands>;
}

function grouping({ core, groups, members }: Engine) {
  const { stream } = core;
  return {
    async createGroup({ name, people, encrypted, picture }) {
      const address = await inWords(groups.create(name, people, encrypted));
      if (picture) await inWords(avatars.setRoomPicture(stream, address, picture));
      return address;
    },
    joinGroup: (address) =>
      inWords(
        groups.join(
          bare(
            address
              .trim()
              .replace(/^xmpp:/i, "")
              .replace(/\?.*$/, ""),
          ),
        ),
      ),
    leaveGroup: (chat) => inWords(groups.leave(chat)),
    members: (chat) => inWords(members.of(chat)),
    addMembers: (chat, list) => inWords(groups.invite(chat, list)),
    setMember: (chat, member, affiliation) => inWords(muc.affiliate(stream, chat, member, affiliation)),
    renameGroup: (chat, name) => inWords(muc.configure(stream, chat, { "muc#roomconfig_roomname": name })),
    setSubject: (chat, subject) => inWords(stream.send(muc.subject(chat, subject))),
    setGroupPicture: (chat, picture) => inWords(avatars.setRoomPicture(stream, chat, picture)),
    findGroups: (text, server) => inWords(findGroups(core.stream, text, server ?? core.domain)),
    groupLink: (chat) => Promise.resolve(`xmpp:${chat}?join`),
  } satisfies Partial<Commands>;
}

function keeping(engine: Engine) {
  const { core, chats } = engine;
  return {
    lock: (chat, on) => chats.save(chats.ensure(chat), { lock: on }),
    keys: (address) => engine.encryption.keys(address),
    trust: (address, device, trust) => engine.encryption.trust(address, device, trust),
    verify: (uri) => engine.encryption.verify(uri),
    code: () => engine.encryption.code(),
    async setName(name) {
      await inWords(account.setNick(core.stream, name));
      core.setMe({ name });
    },
    setPicture: (picture) => inWords(avatars.setPicture(core.stream, picture)),
    set: (key, value) => core.set(key, value),
    async changePassword(current, next) {
      await checkPassword(core.stream, current);
      await inWords(account.changePassword(core.stream, next), { "not-acceptable": t("error.weakPassword") });
    },
  } satisfies Partial<Commands>;
}

/** Only who knows the password may change it, not who finds the page open. */
async function checkPassword(stream: Engine["stream"], password: string): Promise<void> {
  try {
    await stream.prove(password);
  } catch (error) {
    throw new Error(error instanceof Refused ? t("error.currentPassword") : t("error.box"), { cause: error });
  }
}

async function lookUp(stream: Engine["stream"], address: Address, known: string): Promise<Card> {
  try {
    const found = await info(stream, address);
    const room = found.identities.find((one) => one.category === "conference");
    if (room) {
      const about = found.form.get("muc#roominfo_description");
      return { address, kind: "group", name: room.name || known, ...(about && { about }) };
    }
  } catch (error) {
    if (!(error instanceof StanzaError)) throw error;
    // A person on another server may hide from strangers; who is not there, does so too.
    if (unreached(error) || error.condition === "item-not-found") throw new Error(problem(error));
  }
  const [name, hash] = await Promise.all([
    account.nick(stream, address).catch(() => undefined),
    avatars.metadata(stream, address).catch(() => ""),
  ]);
  return { address, kind: "person", name: name ?? known, ...(hash && { picture: `${address}/${hash}` }) };
}

async function findGroups(stream: Engine["stream"], words: string, server: string): Promise<PublicGroup[]> {
  const found: PublicGroup[] = [];
  for (const service of await roomServices(stream, domain(server))) {
    try {
      found.push(...(await muc.search(stream, service, words)));
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      const wanted = words.toLowerCase();
      found.push(
        ...(await muc.list(stream, service)).filter((room) =>
          `${room.name} ${room.address}`.toLowerCase().includes(wanted),
        ),
      );
    }
  }
  return found;
}

async function roomServices(stream: Engine["stream"], server: string): Promise<string[]> {
  const all = [server, ...(await services(stream, server))];
  const kinds = await Promise.all(all.map((one) => info(stream, one).catch(() => undefined)));
  return all.filter((_, index) => kinds[index]?.identities.some((one) => one.category === "conference"));
}
