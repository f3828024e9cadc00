import type { FileInfo } from "../../proto/said.ts";
import type { Content } from "../../proto/say.ts";
import type { MessageRow } from "../../store/records.ts";
import { put } from "../../store/store.ts";
import type { OutgoingFile } from "../client.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import { turns } from "../core/turns.ts";
import type { Messages } from "../messages/messages.ts";
import { draft } from "../messages/rows.ts";
import type { Address } from "../model.ts";
import type { Typing } from "../people/typing.ts";
import { waitingIn, type Attachments } from "./attachments.ts";
import type { Outbox } from "./outbox.ts";
import type { Sealing } from "./sealing.ts";
import type { Wording } from "./wording.ts";

interface Parts {
  readonly core: Core;
  readonly chats: Chats;
  readonly messages: Messages;
  readonly typing: Typing;
  readonly outbox: Outbox;
  readonly wording: Wording;
  readonly sealing: Sealing;
  readonly attachments: Attachments;
}

interface Asked {
  replyTo?: string;
  /** How the message is to be named. */
  id?: string;
}

interface Captioned extends Asked {
  caption?: string;
}

/** What the person at the screen says: kept first, shown at once, sent when it can be. */
export class Sending {
  constructor(private readonly parts: Parts) {}

  /** What was said first stands first, however long the disk takes for it. */
  private readonly inTurn = turns();

  text(chat: Address, text: string, asked: Asked = {}): Promise<void> {
    return this.inTurn(() => this.words(chat, text, asked));
  }

  private async words(chat: Address, text: string, { replyTo, id }: Asked): Promise<void> {
    const { chats, core, outbox, sealing, typing, wording } = this.parts;
    if (await this.kept(id)) return;
    const quote = await wording.answering(replyTo);
    const mentions = wording.mentions(chat, text);
    const content: Content = {
      body: text,
      ...(quote && { reply: quote.reply }),
      ...(mentions.length > 0 && { mentions }),
    };
    typing.sent();
    await this.opened(chat);
    const sealed = sealing.wanted(chat);
    const words = { text, encrypted: sealed === true, ...(quote && { quote: quote.shown }) };
    const message = draft(core, chats.ensure(chat), { kind: "text", ...words }, id);
    await outbox.add({ chat, content, ...(sealed !== undefined && { sealed }) }, message);
  }

  file(chat: Address, file: OutgoingFile, asked: Captioned = {}): Promise<void> {
    return this.inTurn(() => this.captioned(chat, file, asked));
  }

  private async captioned(
    chat: Address,
    file: OutgoingFile,
    { caption, ...asked }: Captioned,
  ): Promise<void> {
    const apart = this.parts.sealing.apart(chat);
    if (!(await this.kept(asked.id))) await this.bytes(chat, file, apart ? undefined : caption, asked);
    if (apart && caption) await this.words(chat, caption, asked.id ? { id: `${asked.id} words` } : {});
  }

  private async bytes(
    chat: Address,
    { blob, name, kind, ...size }: OutgoingFile,
    text: string | undefined,
    { replyTo, id }: Asked,
  ): Promise<void> {
    const { chats, core, outbox, sealing, wording } = this.parts;
    const quote = await wording.answering(replyTo);
    // Words that stand beside it go in the open, whatever becomes known meanwhile.
    const sealed = text ? false : sealing.wanted(chat);
    const type = blob.type || "application/octet-stream";
    const words = { text: text ?? "", encrypted: sealed === true, ...(quote && { quote: quote.shown }) };
    const message = draft(core, chats.ensure(chat), { kind, ...words }, id);
    message.attachment = { url: waitingIn(message.id), name, type, size: blob.size, ...size };
    const described: FileInfo = {
      url: "",
      name,
      type,
      size: blob.size,
      ...size,
      ...(text && { caption: text }),
    };
    const content: Content = { file: described, ...(quote && { reply: quote.reply }) };
    await this.opened(chat);
    await outbox.add({ chat, content, file: { blob }, ...(sealed !== undefined && { sealed }) }, message);
  }

  async forward(id: string, chats: readonly Address[]): Promise<void> {
    const message = await this.parts.messages.named(id);
    const { attachment: file } = message;
    const blob = file && (await this.parts.attachments.fetch(file));
    for (const chat of chats) {
      if (!file || !blob) await this.text(chat, message.text);
      else if (message.kind !== "text" && message.kind !== "call" && message.kind !== "notice") {
        const { name, width, height, duration, waveform } = file;
        const size = {
          ...(width && { width }),
          ...(height && { height }),
          ...(duration && { duration }),
          ...(waveform && { waveform }),
        };
        const caption = message.text ? { caption: message.text } : {};
        await this.file(chat, { blob, name, kind: message.kind, ...size }, caption);
      }
    }
  }

  /** Whether a message of this name is here already: another tab was asked for it, and had no time to answer. */
  private async kept(id: string | undefined): Promise<boolean> {
    return id !== undefined && (await this.parts.core.store.get<MessageRow>("messages", id)) !== undefined;
  }

  /** Who writes to somebody has accepted them, and the chat is in the list. */
  private async opened(chat: Address): Promise<void> {
    const row = this.parts.chats.ensure(chat);
    if (row.request || row.hidden || row.draft) {
      delete row.draft;
      await this.parts.chats.save(row, { request: false, hidden: false });
    }
    await this.parts.core.store.write([put("chats", row)]);
  }
}
