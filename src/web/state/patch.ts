import type { Toast } from "./client.ts";
import type { Address, Chat, Link, Me, Message, Person, Presence, Settings, Transfer } from "./model.ts";

/** A change of what the pages draw, sent to every tab. What is absent has not changed. */
export interface Patch {
  /** Everything, for a tab that has just opened: of what is kept by name, what is not in it is no more. */
  whole?: true;
  me?: Me;
  link?: Link;
  chats?: Chat[];
  listed?: boolean;
  /** Chats that are no longer listed. */
  gone?: Address[];
  people?: Person[];
  strangers?: Address[];
  presence?: [Address, Presence][];
  typing?: [Address, string[]][];
  messages?: Message[];
  /** Messages taken back before they were sent. */
  dropped?: string[];
  transfers?: [string, Transfer | undefined][];
  settings?: Settings;
  toast?: Toast;
  dismissed?: number;
}
