import type { Payload, Said } from "../../proto/said.ts";
import type { Write } from "../../store/store.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Work } from "../core/work.ts";
import type { Letter, Opened } from "./letter.ts";

/** What all leans on that reads messages. */
export interface Parts {
  readonly core: Core;
  readonly chats: Chats;
  readonly around: Surroundings;
}

export interface Speaker {
  /** Bare address; in a group the occupant's id. */
  from: string;
  who: string;
  own: boolean;
}

/** What the messages ask of other parts. */
export interface Surroundings {
  /** Who speaks in a group. */
  speaker(room: string, said: Said): Speaker;
  nameOf(address: string): string;
  known(address: string): boolean;
  /** Whether we are in a group, or about to be: another one has nothing to say to us. */
  hears(room: string): boolean;
  /** Whether a text names this person, in a group. */
  names(room: string, payload: Payload): boolean;
  /** The letter's sender is found anew where a group hides who it is. */
  open(letter: Letter, then: (opened: Opened) => Promise<Write[]>): Promise<void>;
  failed(work: Work, chat: string, mid: string, error: NonNullable<Said["error"]>): Promise<void>;
  /** Whether this is one of our own that waits for word. */
  waits(id: string): boolean;
  /** The box or the room has it: nothing to be sent any more. */
  arrived(id: string, work: Work): void;
  typing(chat: string, who: string, state: string): void;
  invited(said: Said, at: number): Promise<void>;
  subject(room: string, text: string): void;
  /** Somebody in a group has read up to here. */
  readInGroup(work: Work, room: string, said: Said): Promise<void>;
  /** Whether everybody in a group has read what was said then. */
  readByAll(room: string, at: number): boolean;
  /** Another own device has read up to here. */
  readElsewhere(chat: string, mid: string): void;
}
