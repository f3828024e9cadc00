/**
 * What the pages draw. Every value is plain (structured clone carries it between tabs and into IndexedDB), absent means
 * unknown, and times are milliseconds since 1970.
 */

/** A bare address: `mia@kith.example`, or a group's `family@groups.kith.example`. */
export type Address = string;

export type Presence = "online" | "away" | "busy" | "offline";

/** The one who is signed in here. */
export interface Me {
  address: Address;
  name: string;
  picture?: string;
  /** Whether they may bring in new people and make groups, which guests and children may not. */
  mayInvite?: boolean;
  /** "This is my own device": false keeps everything in memory and reads no encrypted message. */
  own: boolean;
}

export interface Person {
  address: Address;
  name: string;
  /** Key of a picture for `Client.picture`. */
  picture?: string;
  circles: string[];
  /** `asked`: we asked and wait; `asks`: they ask us; `none`: only a chat. */
  contact: "mutual" | "asked" | "asks" | "none";
  blocked: boolean;
}

/** The lock of a chat: `off` plain, `on` encrypted, `verified` every key checked by a person, `undecided` a key waits for a decision. */
export type Lock = "off" | "on" | "verified" | "undecided";

/** Whether encryption can be turned on, or why not: the other has no app for it, anybody may enter, or this is nobody's own device. */
export type Lockable = "yes" | "noApp" | "open" | "notOwn";

export type Mute = "no" | "mentions" | "all";

export interface GroupState {
  joined: "joining" | "in" | "out";
  /** Why we are out or could not enter, for a person to read. */
  problem?: string;
  /** Where a group that is no more goes on. */
  venue?: Address;
  subject?: string;
  /** Names of the others in it, as far as the group shows them. */
  people?: string[];
  nick: string;
  /** Who has asked us in, while that waits for an answer. */
  inviter?: Address;
  /** Only invited people enter, and everyone sees who they are: what encryption needs. */
  closed: boolean;
  /** It is a circle's: who leaves it may come back. */
  circle?: boolean;
  /** What this person may do in it. */
  role: "owner" | "admin" | "member" | "none";
  /** Whether this person may bring others in. */
  mayAdd?: boolean;
  /** Whether we may write now (a visitor in a moderated group may not). */
  voice: boolean;
}

export interface Preview {
  message: string;
  /** Empty for one's own and for notices. */
  who: string;
  own: boolean;
  text: string;
  kind: MessageKind;
  retracted?: boolean;
  moderated?: boolean;
  state?: Delivery;
}

export interface Chat {
  id: Address;
  kind: "person" | "group";
  name: string;
  picture?: string;
  last?: Preview;
  /** When something last happened; the list is sorted by it, pinned ones first. */
  at: number;
  unread: number;
  /** Of the unread ones, those that name this person. */
  mentions: number;
  /** The first unread message when the chat was last left: where the line "new" is drawn. */
  firstUnread?: string;
  pinned: boolean;
  mute: Mute;
  draft?: string;
  /** A stranger wrote first, wants to be a contact, or asks us into a group: shown apart until accepted. */
  request: boolean;
  lock: Lock;
  lockable: Lockable;
  group?: GroupState;
}

/** `notice`: a quiet line of the chat itself (somebody joined, a new device, an unreadable message); its `text` is for people. */
export type MessageKind = "text" | "photo" | "video" | "voice" | "audio" | "file" | "call" | "notice";

/** `waiting` in the outbox, `sent` the server has it, `delivered` a device has it, `read` it was shown (in a group to everybody), `failed` see `problem`. */
export type Delivery = "waiting" | "sent" | "delivered" | "read" | "failed";

export interface Attachment {
  /** `https:` or, encrypted, `aesgcm:`; absent while it is still on its way up. */
  url?: string;
  name: string;
  /** Media type; what others say, so never trusted for more than a choice of how to draw. */
  type: string;
  size?: number;
  width?: number;
  height?: number;
  /** Seconds. */
  duration?: number;
  /** 0 to 100, up to 64 of them. */
  waveform?: number[];
}

/** How a sound looks. */
export interface Shape {
  /** Seconds. */
  duration: number;
  /** 0 to 100, 64 of them. */
  waveform: number[];
}

export interface Quote {
  /** The message it answers, when we have it. */
  message?: string;
  who: string;
  /** It is one's own. */
  own?: boolean;
  text: string;
  kind?: MessageKind;
  /** It was taken back: there are no words of it any more. */
  retracted?: boolean;
  moderated?: boolean;
}

export interface Reaction {
  emoji: string;
  /** Names to show; one's own, as "You", is the first when `own`. */
  who: string[];
  own: boolean;
}

export interface Message {
  /** Ours alone, stable for ever on this device. */
  id: string;
  chat: Address;
  at: number;
  /** Orders what was said in the same moment. */
  seq?: number;
  own: boolean;
  /** Bare address of a person, or in a group the occupant's id where the room gives one. */
  from: string;
  /** Name to show over a group's bubble. */
  who: string;
  kind: MessageKind;
  /** Text or caption. */
  text: string;
  attachment?: Attachment;
  quote?: Quote;
  reactions: Reaction[];
  edited: boolean;
  retracted: boolean;
  /** It was taken away by who looks after the group. */
  moderated?: boolean;
  /** Own messages only. */
  state?: Delivery;
  /** Why it failed, for a person to read. */
  problem?: string;
  encrypted: boolean;
  /** It names this person. */
  mention: boolean;
}

export interface Member {
  /** Address where the group shows it, else the nick alone. */
  address?: Address;
  nick: string;
  /** What they are called where everybody reads it: as they call themselves, whatever they are called here. */
  name: string;
  affiliation: "owner" | "admin" | "member" | "none" | "outcast";
  role: "moderator" | "participant" | "visitor" | "none";
  /** In the group right now. */
  here: boolean;
  own: boolean;
}

/** Somebody of a group, and whether one's own message was read there. */
export interface Reader {
  address: Address;
  name: string;
  read: boolean;
}

export interface PublicGroup {
  address: Address;
  name: string;
  about: string;
  people: number;
}

/** Somebody's or a group's page, looked up before there is a chat. */
export interface Card {
  address: Address;
  kind: "person" | "group";
  name: string;
  about?: string;
  picture?: string;
}

export interface Invite {
  link: string;
  /** `xmpp:` form. */
  uri: string;
  expires?: number;
}

export interface DeviceKey {
  device: number;
  /** As the apps show it: hexadecimal, to be grouped by eights. */
  fingerprint: string;
  trust: "verified" | "trusted" | "undecided" | "refused";
  /** This very browser. */
  own: boolean;
  lastSeen?: number;
}

export interface Found {
  chat: Address;
  message: string;
  at: number;
  who: string;
  own: boolean;
  /** Around the hit. */
  text: string;
  /** How its chat is called, where that was taken out of the list. */
  stowed?: string;
}

/** What one more page of the history gave a search. */
export interface LookedBack {
  found: Found[];
  /** Everything newer than this has been looked through. */
  since?: number;
  /** Why it goes no further: all that there is has been read, or the box cannot be reached. */
  end?: "whole" | "offline";
}

export interface Transfer {
  /** The message that it belongs to. */
  message: string;
  /** 0 to 1. */
  done: number;
}

export interface Settings {
  language: "auto" | "en" | "de";
  theme: "auto" | "light" | "dark";
  /** Tell others when this person has read (0333) and types (0085). */
  readMarks: boolean;
  typing: boolean;
  /** New one-to-one chats start encrypted where the other side can. */
  encryptByDefault: boolean;
  enterSends: boolean;
}

/** `waiting`: no network or the server does not answer, trying again; `refused`: the password is no longer right, sign in anew. */
export type Link = "connecting" | "online" | "waiting" | "refused";
