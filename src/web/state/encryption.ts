import type { Element } from "../xmpp/xml.ts";
import type { Said } from "../proto/said.ts";
import type { Content } from "../proto/say.ts";
import type { ChatRow } from "../store/records.ts";
import type { Event } from "../proto/pubsub.ts";
import type { Address, DeviceKey, Lock } from "./model.ts";
import type { Opened } from "./messages.ts";
import type { Work } from "./work.ts";

/** What the rest of the client knows of encryption. */
export interface Encryption {
  start(): Promise<void>;
  event(event: Event): void;
  lock(chat: ChatRow): { lock: Lock; lockable: boolean };
  /** Whether a message to this chat would be encrypted. */
  wanted(chat: ChatRow): boolean;
  /** The stanza to be sent; throws an `Error` for a person to read when it may not go. */
  seal(chat: ChatRow, content: Content, id: string): Promise<Element>;
  open(said: Said, sender: Address | undefined, group: Address | undefined, work: Work): Promise<Opened>;
  keys(address: Address): Promise<DeviceKey[]>;
  trust(address: Address, device: number, trust: DeviceKey["trust"]): Promise<void>;
  verify(uri: string): Promise<Address>;
  code(): Promise<string>;
  stop(): Promise<void>;
}
