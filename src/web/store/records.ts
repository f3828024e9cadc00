import type { Content } from "../proto/say.ts";
import type { Address, Attachment, Message, MessageKind, Mute, Preview, Quote } from "../state/model.ts";

/** Where a message stands in its chat: by time, and among those of the same time by arrival. */
export interface Place {
  at: number;
  seq: number;
}

/** A message as it is kept: what is drawn, and what others refer to it by. */
export interface MessageRow extends Omit<Message, "reactions" | "quote" | "seq">, Place {
  /** The `id` attribute that its sender gave it: edits, receipts and one-to-one references name it. */
  mid?: string;
  /** Given by the archive that holds it (XEP-0359): the own one, in a group the room's. */
  stanzaId?: string;
  /** Reactions by who reacted; the value is replaced as a whole (XEP-0444 section 3), by none where they were taken back. */
  reactions: Record<string, { who: string; emojis: string[]; at: number }>;
  /** `secret`: what it answers came encrypted, and is not quoted in the open. */
  quote?: Quote & { ref: string; to?: string; secret?: boolean };
  /** When its newest words were said, if they are not the first: older ones of an archive change nothing. */
  editedAt?: number;
  /** In a group: the nick that it was said under. */
  nick?: string;
  /** Taken away on this device alone: only its names stay, so that the archive does not bring it back. */
  removed?: boolean;
  /** OMEMO: which device of the sender wrote it. */
  device?: number;
}

export interface ChatRow {
  id: Address;
  kind: "person" | "group";
  name?: string;
  at: number;
  /** What the list shows of it. */
  preview?: Preview;
  /** Everything up to here has been read, on whatever device (XEP-0490). */
  readAt: number;
  /** The archive's id of the last read message, when it is not here (yet). */
  readId?: string;
  /** Up to here the own devices and the others have been told so. */
  told?: number;
  unread: number;
  mentions: number;
  firstUnread?: string;
  pinned: boolean;
  mute: Mute;
  draft?: string;
  request: boolean;
  hidden: boolean;
  /** Out of the list by the person's hand, until something is said in it. */
  stowed?: boolean;
  /** When this person left it, or would not enter: what had asked them in before then is answered. */
  left?: number;
  /** Encryption was turned on (or off) here by a person; undefined: as the settings say. */
  lock?: boolean;
  picture?: string;
  /** The archive before the oldest message here has been read to its start. */
  complete: boolean;
  /** Oldest and newest message known of this chat's archive. */
  oldest?: string;
  newest?: string;
  /** When its archive got the newest: from there on it is read where that one has left the archive. */
  newestAt?: number;
  group?: {
    nick: string;
    password?: string;
    /** Who has asked us in: an address, or an occupant's; and whether the room passed it on, and would pass on a no. */
    inviter?: Address;
    mediated?: boolean;
    subject?: string;
    /** Each of its members may ask others in. */
    invites?: boolean;
    /** It is no more: how that was said, and where it goes on. */
    over?: { text: string; venue?: Address };
    people?: string[];
    /** Addresses of the others, where it shows them. */
    members?: Address[];
    /** When what each of them has read last was said (XEP-0333). */
    reads?: Record<Address, number>;
    /** It gives each occupant an id that nobody else can have (XEP-0421). */
    ids?: boolean;
    closed: boolean;
    /** It is a circle's: who leaves it belongs to it all the same. */
    circle?: boolean;
  };
}

export interface PersonRow {
  id: Address;
  name?: string;
  /** What they call themselves (XEP-0172). */
  nick?: string;
  groups: string[];
  subscription: "none" | "to" | "from" | "both";
  ask: boolean;
  asks: boolean;
  /** Hash of the avatar. */
  picture?: string;
}

/** What waits to be sent, in order of `seq`. */
export interface OutboxRow {
  id: string;
  seq: number;
  chat: Address;
  /** The stanza without its `to`-dependent encryption: what is to be said. */
  content: Content;
  file?: { blob: Blob };
  /** Whether it goes encrypted: as the chat was when it was written. Undecided: nobody knew then whether the other side can. */
  sealed?: boolean;
  /** What it changes, and how. */
  changes?: { message: string; how: Change };
  /** It was refused, and waits for a person to try it again. */
  failed?: boolean;
}

/** Something said of a message that has not arrived yet: paging backwards meets an edit before what it edits. */
export interface OrphanRow {
  id: string;
  chat: Address;
  ref: string;
  change: Change;
  /** Since when it waits: what waits too long, nobody asks for any more. */
  since: number;
}

/** What one message says of another. */
export type Change =
  | {
      kind: "edit";
      from: string;
      at: number;
      encrypted: boolean;
      text: string;
      /** In the place of the one that it had. */
      file?: { kind: MessageKind; attachment: Attachment };
      mention: boolean;
    }
  | { kind: "retract"; from: string; moderator: boolean; at: number }
  | { kind: "react"; from: string; who: string; emojis: string[]; at: number };
