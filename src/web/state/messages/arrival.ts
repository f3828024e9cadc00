import type { Element } from "../../xmpp/xml.ts";
import type { FileInfo, Payload, Said } from "../../proto/said.ts";
import type { MessageRow } from "../../store/records.ts";
import type { Write } from "../../store/store.ts";
import type { Letter, Opened } from "./letter.ts";
import type { Attachment } from "../model.ts";
import { kindOf } from "./shown.ts";
import type { Work } from "../core/work.ts";

/** A message as it came. */
export interface Incoming {
  message: Element;
  /** Its id in the archive that is read, and when that got it. */
  archived?: { id: string; at: number };
  /** A copy of what another own device sent or got (XEP-0280). */
  copied: boolean;
  /** From a page that somebody scrolled to: no news. */
  old?: boolean;
}

export interface Speaker {
  /** Bare address; in a group the occupant's id. */
  from: string;
  who: string;
  own: boolean;
}

/** A message of a conversation, with what is known of it before its words are read. */
export interface Arrival {
  said: Said;
  chat: string;
  speaker: Speaker;
  group: boolean;
  /** It came now, and was not read from an archive. */
  live: boolean;
  old: boolean;
  copied: boolean;
  at: number;
  mid: string | undefined;
  stanzaId: string | undefined;
}

/** What the messages ask of other parts. */
export interface Helpers {
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

/** What is drawn of words or a file. */
export function content(payload: Payload): Pick<MessageRow, "kind" | "text"> & { attachment?: Attachment } {
  const { file, body = "" } = payload;
  if (!file) return { kind: "text", text: body };
  return {
    kind: kindOf(file.type, file.waveform !== undefined || spoken(file)),
    text: file.caption ?? body,
    attachment: attachment(file),
  };
}

/** The older envelope carries a link alone: a sound of the kinds that are recorded, of which nothing more is told, was spoken. */
const spoken = ({ url, type, size, duration }: FileInfo): boolean =>
  url.startsWith("aesgcm:") &&
  size === undefined &&
  duration === undefined &&
  /^audio\/(mp4|aac|ogg|webm)$/.test(type);

export function attachment({ caption: _caption, ...file }: FileInfo): Attachment {
  return file;
}
