import { t } from "../../i18n/index.ts";
import { bare } from "../../xmpp/jid.ts";
import type { Element } from "../../xmpp/xml.ts";
import { payload, say } from "../../proto/say.ts";
import type { OutboxRow } from "../../store/records.ts";
import type { Chats } from "../core/chats.ts";
import type { Encryption } from "../encryption/encryption.ts";
import type { Address } from "../model.ts";

interface Parts {
  readonly chats: Chats;
  /** Another one as soon as there are keys. */
  readonly encryption: Encryption;
}

/** Whether what is said goes encrypted, and the stanza that it becomes. */
export class Sealing {
  constructor(private readonly parts: Parts) {}

  /** Whether what is written now goes encrypted; undecided while nobody knows whether the other side can. */
  wanted(chat: Address): boolean | undefined {
    if (chat.includes("/")) return false;
    const row = this.parts.chats.ensure(chat);
    return row.lock ?? (this.parts.encryption.wanted(row) || undefined);
  }

  /** The older envelope carries a link and nothing beside it: the words follow by themselves, also where it may come to that. */
  apart(chat: Address): boolean {
    if (chat.includes("/")) return false;
    const row = this.parts.chats.ensure(chat);
    return (row.lock ?? this.parts.encryption.wanted(row)) !== false;
  }

  async decide(address: Address): Promise<boolean> {
    const chat = this.parts.chats.get(bare(address));
    return chat !== undefined && !address.includes("/") && this.parts.encryption.decide(chat);
  }

  /** The stanza of what waits; none when there is nothing left to say. What was written to go encrypted goes so or not at all. */
  async seal({ chat: address, content, id, sealed }: OutboxRow): Promise<Element | undefined> {
    const chat = this.parts.chats.get(bare(address));
    if (!chat) throw new Error(t("error.notInGroup"));
    if (payload(content).length === 0) return undefined;
    // The older envelope carries a body and nothing else: feelings and what is taken back go in the open, as in other apps.
    if (!sealed)
      return say(content, { to: address, group: chat.kind === "group" && address === chat.id, id });
    return this.parts.encryption.seal(chat, content, id);
  }
}
