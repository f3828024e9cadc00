import type { Signal } from "@preact/signals";
import { t } from "../../i18n/index.ts";
import type { Commands } from "../../state/client.ts";
import type { Address, Chat, LookedBack, Message } from "../../state/model.ts";
import type { State } from "../fake.ts";
import { fresh } from "./chats.ts";
import { groupCommands } from "./groups.ts";
import { home, now, people } from "./people.ts";

export type Of = (chat: Address) => Signal<readonly Message[]>;

/** Changes a chat of the list. */
export function change(state: State, id: Address, more: Partial<Chat>): void {
  state.chats.value = state.chats.value.map((chat) => (chat.id === id ? { ...chat, ...more } : chat));
}

function own(chat: Address, id: string, text: string): Message {
  return {
    id,
    chat,
    at: now,
    own: true,
    from: `anna@${home}`,
    who: "Anna",
    kind: "text",
    text,
    reactions: [],
    edited: false,
    retracted: false,
    state: "sent",
    encrypted: true,
    mention: false,
  };
}

/** Does to the example data what the real commands would, and writes down what was asked. */
export function commands(state: State, of: Of): Commands {
  let next = 1;
  /** The list as it was before a chat was taken out of it. */
  const hidden = new Map<Address, readonly Chat[]>();
  const noted =
    <A extends unknown[], R>(name: string, run: (...values: A) => R) =>
    (...values: A): Promise<R> => {
      state.asked.push(
        [name, ...values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)))].join(
          " ",
        ),
      );
      return Promise.resolve(run(...values));
    };
  const alter = (message: string, more: (old: Message) => Partial<Message>) => {
    for (const list of state.messages.values())
      if (list.value.some((one) => one.id === message))
        list.value = list.value.map((one) => (one.id === message ? { ...one, ...more(one) } : one));
  };
  const person = (address: Address) => state.people.value.get(address);
  const setPerson = (address: Address, more: object) => {
    const old = person(address) ?? {
      address,
      name: address,
      circles: [],
      contact: "none" as const,
      blocked: false,
    };
    state.people.value = new Map(state.people.value).set(address, { ...old, ...more });
  };
  const quote = (chat: Address, message: string | undefined) => {
    const old = message && of(chat).value.find((one) => one.id === message);
    return old
      ? { quote: { message: old.id, who: old.who, own: old.own, text: old.text, kind: old.kind } }
      : {};
  };

  return {
    ...groupCommands(state, noted),
    send: noted("send", (chat, text, options) => {
      of(chat).value = [
        ...of(chat).value,
        { ...own(chat, `sent-${next++}`, text), ...quote(chat, options?.replyTo) },
      ];
    }),
    sendFile: noted("sendFile", (chat, file, options) => {
      const { blob, name, kind, ...rest } = file;
      const attachment = { url: URL.createObjectURL(blob), name, type: blob.type, size: blob.size, ...rest };
      const message = { ...own(chat, `sent-${next++}`, options?.caption ?? ""), kind, attachment };
      of(chat).value = [...of(chat).value, { ...message, ...quote(chat, options?.replyTo) }];
    }),
    cancel: noted("cancel", (message) => {
      for (const list of state.messages.values()) list.value = list.value.filter((one) => one.id !== message);
    }),
    retry: noted("retry", (message) => {
      alter(message, () => ({ state: "sent" }));
    }),
    edit: noted("edit", (message, text) => {
      alter(message, () => ({ text, edited: true }));
    }),
    retract: noted("retract", (message) => {
      alter(message, () => ({ text: "", retracted: true, kind: "text", reactions: [] }));
    }),
    remove: noted("remove", (message) => {
      for (const list of state.messages.values()) list.value = list.value.filter((one) => one.id !== message);
    }),
    react: noted("react", (message, emojis) => {
      alter(message, (old) => ({
        reactions: [
          ...old.reactions
            .map((one) =>
              one.own ? { ...one, own: false, who: one.who.filter((who) => who !== t("who.you")) } : one,
            )
            .filter((one) => one.who.length && !emojis.includes(one.emoji)),
          ...emojis.map((emoji) => ({
            emoji,
            own: true,
            who: [
              t("who.you"),
              ...(old.reactions.find((one) => one.emoji === emoji)?.who ?? []).filter(
                (who) => who !== t("who.you"),
              ),
            ],
          })),
        ],
      }));
    }),
    forward: noted("forward", () => undefined),
    measured: noted("measured", (message, _url, shape) => {
      alter(message, ({ attachment }) => (attachment ? { attachment: { ...shape, ...attachment } } : {}));
    }),
    readers: noted("readers", () =>
      people.slice(0, 3).map(({ address, name }, i) => ({ address, name, read: i < 2 })),
    ),
    read: noted("read", (chat) => {
      change(state, chat, { unread: 0, mentions: 0 });
    }),
    typing: noted("typing", () => undefined),
    draft: noted("draft", (chat, text) => {
      change(state, chat, { draft: text });
    }),
    pin: noted("pin", (chat, pinned) => {
      change(state, chat, { pinned });
    }),
    mute: noted("mute", (chat, mute) => {
      change(state, chat, { mute });
    }),
    hide: noted("hide", (chat, on) => {
      const { value } = state.chats;
      if (on) hidden.set(chat, value);
      state.chats.value = on ? value.filter((one) => one.id !== chat) : (hidden.get(chat) ?? value);
    }),
    search: noted("search", (text, chat) => {
      const all = chat
        ? [chat]
        : state.chats.value.filter((one) => !one.id.startsWith("history@")).map((one) => one.id);
      return all
        .flatMap((id) => of(id).value)
        .filter((one) => one.text.toLowerCase().includes(text.toLowerCase()))
        .map((one) => ({
          chat: one.chat,
          message: one.id,
          at: one.at,
          who: one.who,
          own: one.own,
          text: one.text,
        }));
    }),
    lookBack: noted("lookBack", (_text, chat) => lookedBack(chat)),
    chat: noted("chat", (address) => {
      if (!state.chats.value.some(({ id }) => id === address))
        state.chats.value = [...state.chats.value, fresh(address, person(address)?.name ?? address)];
      return address;
    }),
    lookUp: noted("lookUp", (address) => {
      if (!address.includes("@")) throw new Error(`There is nobody with the address ${address}.`);
      const name = person(address)?.name ?? address.split("@")[0]!;
      return { address, kind: address.includes("@groups.") ? ("group" as const) : ("person" as const), name };
    }),
    addPerson: noted("addPerson", (address, name) => {
      setPerson(address, { contact: "asked", ...(name ? { name } : {}) });
    }),
    rename: noted("rename", (address, name) => {
      setPerson(address, { name });
    }),
    removePerson: noted("removePerson", (address) => {
      setPerson(address, { contact: "none" });
    }),
    decline: noted("decline", (chat) => {
      state.chats.value = state.chats.value.filter((one) => one.id !== chat);
    }),
    accept: noted("accept", (chat) => {
      change(state, chat, { request: false });
    }),
    block: noted("block", (address, blocked) => {
      setPerson(address, { blocked });
    }),
    report: noted("report", () => undefined),
    invite: noted("invite", () => ({
      link: `https://${home}/invite/7Yw2kQmXc4`,
      uri: `xmpp:anna@${home}?roster;preauth=7Yw2kQmXc4;ibr=y`,
      expires: now + 7 * 86_400_000,
    })),
    lock: noted("lock", (chat, on) => {
      change(state, chat, { lock: on ? "on" : "off" });
    }),
    keys: noted("keys", (address) => {
      const mine = address === state.me.value.address;
      const print = "3f2a91c07be4d85512aa6e09c4f1b7d8e62390ab5cd41f78a0e9b3c6d7f21458";
      return [
        { device: 401_220_118, fingerprint: print, trust: "verified" as const, own: mine, lastSeen: now },
        {
          device: 88_120_945,
          fingerprint: [...print].reverse().join(""),
          trust: mine ? ("trusted" as const) : ("undecided" as const),
          own: false,
          lastSeen: now - 86_400_000,
        },
      ];
    }),
    trust: noted("trust", () => undefined),
    verify: noted("verify", () => `mia@${home}`),
    code: noted(
      "code",
      () =>
        `xmpp:anna@${home}?omemo-sid-401220118=3f2a91c07be4d85512aa6e09c4f1b7d8e62390ab5cd41f78a0e9b3c6d7f21458`,
    ),
    setName: noted("setName", (name) => {
      state.me.value = { ...state.me.value, name };
    }),
    setPicture: noted("setPicture", (picture) => {
      const me = { ...state.me.value };
      if (picture) me.picture = "new";
      else delete me.picture;
      state.me.value = me;
    }),
    set: noted("set", (key, value) => {
      state.settings.value = { ...state.settings.value, [key]: value };
    }) as Commands["set"],
    changePassword: noted("changePassword", (current) => {
      if (current === "wrong") throw new Error("That is not your password now.");
    }),
    signOut: noted("signOut", () => {
      state.link.value = "refused";
    }),
    dismiss: noted("dismiss", (toast) => {
      state.toasts.value = state.toasts.value.filter((one) => one.id !== toast);
    }),
  };
}

/** Over all chats there is always more; one of them ends. */
function lookedBack(chat: Address | undefined): LookedBack {
  const since = now - 200 * 86_400_000;
  return chat === undefined ? { found: [], since } : { found: [], since, end: "whole" };
}

export type Noted = <A extends unknown[], R>(
  name: string,
  run: (...values: A) => R,
) => (...values: A) => Promise<R>;
