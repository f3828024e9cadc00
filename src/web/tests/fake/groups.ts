import type { Commands } from "../../state/client.ts";
import type { Chat, Member, PublicGroup } from "../../state/model.ts";
import type { State } from "../fake.ts";
import type { Noted } from "./commands.ts";
import { home, now, people } from "./people.ts";

type GroupCommands = Pick<
  Commands,
  | "createGroup"
  | "joinGroup"
  | "leaveGroup"
  | "members"
  | "addMembers"
  | "setMember"
  | "renameGroup"
  | "setSubject"
  | "setGroupPicture"
  | "findGroups"
  | "groupLink"
>;

const publicGroups: PublicGroup[] = [
  {
    address: "gardening@rooms.other.example",
    name: "Gardening",
    about: "Beds, balconies and beans",
    people: 214,
  },
  {
    address: "bikes@rooms.other.example",
    name: "Fahrradfreundinnen und Fahrradfreunde",
    about: "",
    people: 12,
  },
];

function member(
  nick: string,
  address: string | undefined,
  affiliation: Member["affiliation"],
  here: boolean,
): Member {
  return {
    ...(address ? { address } : {}),
    nick,
    name: nick,
    affiliation,
    role: here ? (affiliation === "owner" ? "moderator" : "participant") : "none",
    here,
    own: nick === "Anna",
  };
}

export function groupCommands(state: State, noted: Noted): GroupCommands {
  const change = (id: string, more: (chat: Chat) => Partial<Chat>) => {
    state.chats.value = state.chats.value.map((chat) => (chat.id === id ? { ...chat, ...more(chat) } : chat));
  };
  /** The list as it was before a group was left. */
  const left = new Map<string, readonly Chat[]>();
  return {
    createGroup: noted("createGroup", (group) => {
      const id = `${group.name.toLowerCase().replace(/\W+/g, "-")}@groups.${home}`;
      const made: Chat = {
        id,
        kind: "group",
        name: group.name,
        at: now,
        unread: 0,
        mentions: 0,
        pinned: false,
        mute: "no",
        request: false,
        lock: group.encrypted ? "on" : "off",
        lockable: "yes",
        group: { joined: "in", nick: "Anna", closed: true, role: "owner", mayAdd: true, voice: true },
      };
      state.chats.value = [made, ...state.chats.value];
      return id;
    }),
    joinGroup: noted("joinGroup", (address) => {
      state.chats.value = left.get(address) ?? state.chats.value;
      return address;
    }),
    leaveGroup: noted("leaveGroup", (chat) => {
      const { value } = state.chats;
      left.set(chat, value);
      state.chats.value = value.filter((one) => one.id !== chat);
      return value.find((one) => one.id === chat)?.group?.closed === false;
    }),
    members: noted("members", () => [
      member("Anna", state.me.value.address, "owner", true),
      ...people
        .slice(0, 7)
        .map((one, i) => member(one.name, one.address, i === 0 ? "admin" : "member", i < 4)),
    ]),
    addMembers: noted("addMembers", () => undefined),
    setMember: noted("setMember", () => undefined),
    renameGroup: noted("renameGroup", (chat, name) => {
      change(chat, () => ({ name }));
    }),
    setSubject: noted("setSubject", (chat, subject) => {
      change(chat, (old) => (old.group ? { group: { ...old.group, subject } } : {}));
    }),
    setGroupPicture: noted("setGroupPicture", (chat) => {
      change(chat, () => ({ picture: "new" }));
    }),
    findGroups: noted("findGroups", (text) =>
      publicGroups.filter((one) => one.name.toLowerCase().includes(text.toLowerCase())),
    ),
    groupLink: noted("groupLink", (chat) => `xmpp:${chat}?join`),
  };
}
