import { t } from "../../i18n/index.ts";
import { moderate } from "../../proto/muc.ts";
import type { Change, MessageRow } from "../../store/records.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Messages } from "../messages/messages.ts";
import type { Outbox } from "./outbox.ts";
import type { Wording } from "./wording.ts";

interface Parts {
  readonly core: Core;
  readonly chats: Chats;
  readonly messages: Messages;
  readonly outbox: Outbox;
  readonly wording: Wording;
}

/** What a person says of what was said: shown at once, and sent as messages are. */
export class Changing {
  constructor(private readonly parts: Parts) {}

  async edit(id: string, text: string): Promise<void> {
    const message = await this.parts.messages.named(id);
    if (!message.own) throw new Error(t("error.unknown"));
    const { chat, from, encrypted, mention } = message;
    // By this clock it may have been said before the words that it replaces.
    const at = Math.max(this.parts.core.now(), message.editedAt ?? 0);
    const how: Change = { kind: "edit", from, at, encrypted, text, mention };
    await this.change(message, how);
    // Whole, because others forget what a newer version does not say again (XEP-0308 section 3); and as the message itself
    // went: what was written under a lock is not corrected in the open.
    const content = { ...this.parts.wording.content({ ...message, text }), replaces: message.mid ?? id };
    await this.parts.outbox.add({ chat, content, sealed: encrypted, changes: { message: id, how } });
  }

  async retract(id: string): Promise<void> {
    const { core, outbox, chats, messages } = this.parts;
    const message = await messages.named(id);
    if (await outbox.cancel(id)) return;
    const group = chats.isGroup(message.chat);
    const ref = group ? message.stanzaId : message.mid;
    if (!message.own) {
      if (!group || !message.stanzaId) throw new Error(t("error.unknown"));
      return moderate(core.stream, message.chat, message.stanzaId);
    }
    if (!ref) throw new Error(t("error.unknown"));
    await this.change(message, { kind: "retract", from: message.from, moderator: false, at: core.now() });
    await outbox.add({ chat: message.chat, content: { retracts: ref }, sealed: false });
  }

  async react(id: string, emojis: string[]): Promise<void> {
    const { core, outbox, chats, messages } = this.parts;
    const message = await messages.named(id);
    const ref = chats.isGroup(message.chat) ? message.stanzaId : (message.mid ?? message.stanzaId);
    if (!ref) throw new Error(t("error.unknown"));
    const { address: from, name: who } = core.me;
    const how: Change = { kind: "react", from, who, emojis, at: core.now() };
    await this.change(message, how);
    const content = { reacts: { ref, emojis } };
    await outbox.add({ chat: message.chat, content, sealed: false, changes: { message: id, how } });
  }

  private change(message: MessageRow, change: Change): Promise<void> {
    const { messages } = this.parts;
    return messages.change(async (work) =>
      messages.keeping.carryOut(work, (await work.message(message.id)) ?? message, change),
    );
  }
}
