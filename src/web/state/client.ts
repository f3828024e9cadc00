import type { ReadonlySignal } from "@preact/signals";
import type {
  Address,
  Attachment,
  Card,
  Chat,
  DeviceKey,
  Found,
  Invite,
  Link,
  LookedBack,
  Me,
  Member,
  Message,
  Mute,
  Person,
  Presence,
  PublicGroup,
  Reader,
  Settings,
  Shape,
  Transfer,
} from "./model.ts";

/** What the pages see of the rest: signals to draw, and things to do. The real one is `Mirror`; `tests/fake.ts` is one for pictures. */
export interface Client {
  readonly me: ReadonlySignal<Me>;
  readonly link: ReadonlySignal<Link>;
  /** Sorted as the list shows them; requests of strangers are among them. */
  readonly chats: ReadonlySignal<readonly Chat[]>;
  /** Whether all of them are known: not before the box has told of them for the first time. */
  readonly listed: ReadonlySignal<boolean>;
  readonly people: ReadonlySignal<ReadonlyMap<Address, Person>>;
  readonly presence: ReadonlySignal<ReadonlyMap<Address, Presence>>;
  /** Who types in a chat, names to show. */
  readonly typing: ReadonlySignal<ReadonlyMap<Address, readonly string[]>>;
  readonly transfers: ReadonlySignal<ReadonlyMap<string, Transfer>>;
  readonly settings: ReadonlySignal<Settings>;
  /** Something to say once in passing ("Saved", "No room left on the box"); the newest last. */
  readonly toasts: ReadonlySignal<readonly Toast[]>;

  readonly do: Commands;

  /** The messages of a chat, read on demand; `close` it when it leaves the screen. */
  open(chat: Address): ChatView;
  /** An object URL of a picture, from this device or the box; undefined when there is none. */
  picture(key: string): Promise<string | undefined>;
  /**
   * An object URL of an attachment, fetched and decrypted; throws an `Error` for a person to read. With `most` it is given up
   * beyond so many bytes: for what nobody has asked for.
   */
  file(attachment: Attachment, most?: number): Promise<string>;
  /** Its bytes, in the same way: for what is to be measured. */
  blob(attachment: Attachment, most?: number): Promise<Blob>;
}

export interface Toast {
  id: number;
  text: string;
  tone: "calm" | "wrong";
}

/** A gapless stretch of a chat, oldest first. */
export interface ChatView {
  readonly messages: ReadonlySignal<readonly Message[]>;
  /** Whether the first of them is the first there is. */
  readonly complete: ReadonlySignal<boolean>;
  /** Whether the last of them is the newest. */
  readonly latest: ReadonlySignal<boolean>;
  readonly busy: ReadonlySignal<boolean>;
  older(): Promise<void>;
  newer(): Promise<void>;
  /** Moves the stretch so that it holds a message. False: it is not to be had. */
  jump(message: string): Promise<boolean>;
  /** Back to the newest. */
  end(): Promise<void>;
  close(): void;
}

export interface OutgoingFile {
  blob: Blob;
  name: string;
  kind: "photo" | "video" | "voice" | "audio" | "file";
  width?: number;
  height?: number;
  duration?: number;
  waveform?: number[];
}

/** Every one resolves when it holds on this device (and, where it asks the box, there); it throws an `Error` with a text for people. */
export interface Commands {
  /** `id`: how it is to be named; asked for once more by the same name, it is not sent twice. */
  send(chat: Address, text: string, options?: { replyTo?: string; id?: string }): Promise<void>;
  sendFile(
    chat: Address,
    file: OutgoingFile,
    options?: { caption?: string; replyTo?: string; id?: string },
  ): Promise<void>;
  /** Takes back what still waits, an upload included. */
  cancel(message: string): Promise<void>;
  retry(message: string): Promise<void>;
  edit(message: string, text: string): Promise<void>;
  /** One's own for everybody; with moderation rights in a group somebody else's. */
  retract(message: string): Promise<void>;
  /** Takes it away on this device alone. */
  remove(message: string): Promise<void>;
  /** The whole set of one's own reactions to it. */
  react(message: string, emojis: string[]): Promise<void>;
  forward(message: string, chats: Address[]): Promise<void>;
  /** How the sound at this address looks, which a message brought without it: kept with the message. */
  measured(message: string, url: string, shape: Shape): Promise<void>;

  /** Who has read one's own message in a group; empty where nobody tells. */
  readers(message: string): Promise<Reader[]>;

  /** Everything up to this message has been on the screen. */
  read(chat: Address, message: string): Promise<void>;
  typing(chat: Address, now: boolean): Promise<void>;
  draft(chat: Address, text: string): Promise<void>;
  pin(chat: Address, on: boolean): Promise<void>;
  mute(chat: Address, mute: Mute): Promise<void>;
  /** Out of the list, or back into it as it was; its history stays, and the next message brings it back. */
  hide(chat: Address, on: boolean): Promise<void>;
  /** In what this device has of the history. */
  search(text: string, chat?: Address): Promise<Found[]>;
  /** Fetches one more page of the history, of the chat or of the one that reaches back least, and looks through that. */
  lookBack(text: string, chat?: Address): Promise<LookedBack>;

  /** Makes the chat with a person, without asking them for anything yet. */
  chat(address: Address): Promise<Address>;
  lookUp(address: Address): Promise<Card>;
  addPerson(address: Address, name?: string): Promise<void>;
  rename(address: Address, name: string): Promise<void>;
  removePerson(address: Address): Promise<void>;
  accept(chat: Address): Promise<void>;
  /** Out of the list, until they ask again; who asked for an answer is told no, whoever only wrote learns nothing. */
  decline(chat: Address): Promise<void>;
  block(address: Address, on: boolean): Promise<void>;
  /** Tells those who look after the box, and blocks. */
  report(address: Address, spam: boolean, text?: string): Promise<void>;
  /** A link for somebody new (XEP-0401). */
  invite(): Promise<Invite>;

  createGroup(group: {
    name: string;
    people: Address[];
    encrypted: boolean;
    picture?: Blob;
  }): Promise<Address>;
  joinGroup(address: Address): Promise<Address>;
  /** True: one can come back without being asked in. */
  leaveGroup(chat: Address): Promise<boolean>;
  members(chat: Address): Promise<Member[]>;
  addMembers(chat: Address, people: Address[]): Promise<void>;
  setMember(chat: Address, member: Address, affiliation: Member["affiliation"]): Promise<void>;
  renameGroup(chat: Address, name: string): Promise<void>;
  setSubject(chat: Address, subject: string): Promise<void>;
  setGroupPicture(chat: Address, picture: Blob): Promise<void>;
  /** Public groups by a word; on another server when one is named. */
  findGroups(text: string, server?: string): Promise<PublicGroup[]>;
  /** An `xmpp:…?join` link to share. */
  groupLink(chat: Address): Promise<string>;

  lock(chat: Address, on: boolean): Promise<void>;
  keys(address: Address): Promise<DeviceKey[]>;
  trust(address: Address, device: number, trust: DeviceKey["trust"]): Promise<void>;
  /** What a scanned code says: verifies a person's keys; resolves with whose. */
  verify(uri: string): Promise<Address>;
  /** The code to be scanned by others. */
  code(): Promise<string>;

  setName(name: string): Promise<void>;
  setPicture(picture: Blob | undefined): Promise<void>;
  set<K extends keyof Settings>(key: K, value: Settings[K]): Promise<void>;
  changePassword(current: string, next: string): Promise<void>;
  signOut(): Promise<void>;
  dismiss(toast: number): Promise<void>;
}

/** Before there is a client: what the first screen needs. */
export interface SignIn {
  /** Somebody types who they are: what takes its time begins. To be called with each letter, if one likes. */
  prepare(): void;
  /** This browser lets nothing be kept, and so is nobody's own. */
  forgets?: boolean;
  /** Throws an `Error` for a person to read. */
  signIn(name: string, password: string, own: boolean): Promise<Client>;
}

/** A page of the box has made or recovered somebody's account in this browser, where another person is signed in. */
export interface Choice {
  from: Address;
  to: Address;
  /** Who is signed in stays so. */
  stay(): Promise<Client>;
  /** Nothing of them stays here, and the other one goes on. */
  go(): Promise<Client>;
}
