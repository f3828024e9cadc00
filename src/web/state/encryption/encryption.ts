import type { Element } from "../../xmpp/xml.ts";
import type { Event } from "../../proto/pubsub.ts";
import type { Content } from "../../proto/say.ts";
import type { ChatRow } from "../../store/records.ts";
import type { Write } from "../../store/store.ts";
import type { Letter, Opened } from "../messages/letter.ts";
import type { Address, DeviceKey, Lock, Lockable } from "../model.ts";

/** What the rest of the client knows of encryption. */
export interface Encryption {
  /** After each new session; `listed` resolves when there is something to look at, and no long work is begun before. */
  start(listed: Promise<unknown>): Promise<void>;
  /** Resolves when it can be read, which `start` may take some time to get ahead of: nothing is read before. */
  readable(): Promise<void>;
  /** What was missed has been read. */
  caughtUp(): void;
  event(event: Event): void;
  lock(chat: ChatRow): { lock: Lock; lockable: Lockable };
  /** Whether a message to this chat is to be encrypted; undefined: nobody has asked yet whether the other side can. */
  wanted(chat: ChatRow): boolean | undefined;
  /** The same, after having asked whether the other side can; rejects when it cannot be asked now. */
  decide(chat: ChatRow): Promise<boolean>;
  /** The encrypted stanza; throws an `Error` for a person to read when it may not go. */
  seal(chat: ChatRow, content: Content, id: string): Promise<Element>;
  /** Opens a letter. What `then` does of it, and gives to be written, is written with the session that it moved on. */
  open(letter: Letter, then: (opened: Opened) => Promise<Write[]>): Promise<void>;
  keys(address: Address): Promise<DeviceKey[]>;
  trust(address: Address, device: number, trust: DeviceKey["trust"]): Promise<void>;
  verify(uri: string): Promise<Address>;
  code(): Promise<string>;
}
