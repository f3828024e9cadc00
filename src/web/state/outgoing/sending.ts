import { t } from "../../i18n/index.ts";
import { bare } from "../../xmpp/jid.ts";
import type { Element } from "../../xmpp/xml.ts";
import { moderate } from "../../proto/muc.ts";
import { payload, say, type Content } from "../../proto/say.ts";
import type { FileInfo } from "../../proto/said.ts";
import type { Change, MessageRow, OutboxRow } from "../../store/records.ts";
import { put } from "../../store/store.ts";
import type { OutgoingFile } from "../client.ts";
import type { Core } from "../core/core.ts";
import type { Chats } from "../core/chats.ts";
import type { Encryption } from "../encryption/encryption.ts";
import type { FileCache, Media } from "../files/media.ts";
import type { Speakers } from "../groups/speakers.ts";
import type { Messages } from "../messages/messages.ts";
import type { Typing } from "../people/typing.ts";
import type { Outbox } from "./outbox.ts";
import { attachment } from "../messages/arrival.ts";
import type { Address, Attachment } from "../model.ts";
import { fetchFile } from "../files/fetching.ts";
import { quoteOf } from "../messages/quotes.ts";
import { turns } from "../core/turns.ts";
import { draft } from "../messages/rows.ts";

interface Parts {
  readonly core: Core;
  readonly chats: Chats;
  readonly messages: Messages;
  readonly speakers: Speakers;
  readonly typing: Typing;
  readonly media: Media;
  readonly files: FileCache;
  readonly outbox: Outbox;
  /** Another one as soon as there are keys. */
  readonly encryption: Encryption;
}

interface Asked {
  replyTo?: string;
  /** How the message is to be named. */
  id?: string;
}

interface Captioned extends Asked {
  caption?: string;
}

/** A file that has no address yet is shown by the message that it waits in. */
const WAITING = "kith:";

/** What the person at the screen says: kept first, shown at once, sent when it can be. */
export class Sending {
  constructor(private readonly parts: Parts) {}

  /** What was said first stands first, however long the disk takes for it. */
  private readonly inTurn = turns();

  text(chat: Address, text: string, asked: Asked = {}): Promise<void> {
    return this.inTurn(() => this.words(chat, text, asked));
  }

  private async words(chat: Address, text: string, { replyTo, id }: Asked): Promise<void> {
    const { chats, core, outbox, typing } = this.parts;
    if (await this.kept(id)) return;
    const quote = await this.quote(replyTo);
    const mentions = this.mentions(chat, text);
    const content: Content = {
      body: text,
      ...(quote && { reply: quote.reply }),
      ...(mentions.length > 0 && { mentions }),
    };
    typing.sent();
    await this.opened(chat);
    const sealed = this.sealed(chat);
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
    const apart = this.apart(chat);
    if (!(await this.kept(asked.id))) await this.bytes(chat, file, apart ? undefined : caption, asked);
    if (apart && caption) await this.words(chat, caption, asked.id ? { id: `${asked.id} words` } : {});
  }

  private async bytes(
    chat: Address,
    { blob, name, kind, ...size }: OutgoingFile,
    text: string | undefined,
    { replyTo, id }: Asked,
  ): Promise<void> {
    const { chats, core, outbox } = this.parts;
    const quote = await this.quote(replyTo);
    // Words that stand beside it go in the open, whatever becomes known meanwhile.
    const sealed = text ? false : this.sealed(chat);
    const type = blob.type || "application/octet-stream";
    const words = { text: text ?? "", encrypted: sealed === true, ...(quote && { quote: quote.shown }) };
    const message = draft(core, chats.ensure(chat), { kind, ...words }, id);
    message.attachment = { url: WAITING + message.id, name, type, size: blob.size, ...size };
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

  /** Whether a message of this name is here already: another tab was asked for it, and had no time to answer. */
  private async kept(id: string | undefined): Promise<boolean> {
    return id !== undefined && (await this.parts.core.store.get<MessageRow>("messages", id)) !== undefined;
  }

  /** Sends the bytes, and tells where they are now; what was sent is kept here, so that it is not fetched again. */
  async upload(row: OutboxRow): Promise<Content> {
    const { media, files, messages } = this.parts;
    const described = row.content.file!;
    const { blob } = row.file!;
    const secret = row.sealed ? await import("../../omemo/file.ts") : undefined;
    const sealed = secret && (await secret.encryptFile(blob));
    const type = sealed ? "application/octet-stream" : described.type;
    // Of a sealed file the box learns no more than how it ends, which tells apps how to draw it.
    const name = sealed
      ? `${crypto.randomUUID()}${/\.[a-z0-9]{1,5}$/i.exec(described.name)?.[0] ?? ""}`
      : described.name;
    const place = await media.send(row.id, sealed?.blob ?? blob, name, type);
    const url = secret && sealed ? secret.fileUrl(place, sealed) : place;
    await files.keep(url, blob);
    const file = { ...described, url };
    await messages.change(async (work) => {
      const message = await work.message(row.id);
      if (message) work.put({ ...message, attachment: attachment(file) });
    });
    return { ...row.content, file };
  }

  /** The blob of an attachment: from what waits, from what was kept, or fetched, at most so many bytes. */
  async fetch({ url, type }: Attachment, most?: number): Promise<Blob> {
    const { core, files } = this.parts;
    if (!url) throw new Error(t("error.fileGone"));
    if (url.startsWith(WAITING)) {
      const row = await core.store.get<OutboxRow>("outbox", url.slice(WAITING.length));
      if (!row?.file) throw new Error(t("error.fileGone"));
      return row.file.blob;
    }
    const kept = await files.get(url);
    if (kept) return kept;
    const typed = new Blob([await fetchFile(url, most)], { type });
    await files.keep(url, typed);
    return typed;
  }

  async edit(id: string, text: string): Promise<void> {
    const message = await this.own(id);
    const { chat, from, encrypted, mention } = message;
    // By this clock it may have been said before the words that it replaces.
    const at = Math.max(this.parts.core.now(), message.editedAt ?? 0);
    const how: Change = { kind: "edit", from, at, encrypted, text, mention };
    await this.change(message, how);
    // Whole, because others forget what a newer version does not say again (XEP-0308 section 3); and as the message itself
    // went: what was written under a lock is not corrected in the open.
    const content = { ...this.content({ ...message, text }), replaces: message.mid ?? id };
    await this.parts.outbox.add({ chat, content, sealed: encrypted, changes: { message: id, how } });
  }

  /** What a message says as it stands: its words or file, whom they name, and what they answer. */
  content({ chat, text, attachment, quote }: MessageRow): Content {
    const url = attachment?.url;
    const mentions = this.mentions(chat, text);
    return {
      ...(attachment && url
        ? { file: { ...attachment, url, ...(text && { caption: text }) } }
        : { body: text }),
      ...(quote?.to && { reply: replyTo({ ...quote, to: quote.to }, quote.text) }),
      ...(mentions.length > 0 && { mentions }),
    };
  }

  async retract(id: string): Promise<void> {
    const { core, outbox, chats } = this.parts;
    const message = await this.find(id);
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
    const { core, outbox, chats } = this.parts;
    const message = await this.find(id);
    const ref = chats.isGroup(message.chat) ? message.stanzaId : (message.mid ?? message.stanzaId);
    if (!ref) throw new Error(t("error.unknown"));
    const { address: from, name: who } = core.me;
    const how: Change = { kind: "react", from, who, emojis, at: core.now() };
    await this.change(message, how);
    const content = { reacts: { ref, emojis } };
    await outbox.add({ chat: message.chat, content, sealed: false, changes: { message: id, how } });
  }

  async forward(id: string, chats: readonly Address[]): Promise<void> {
    const message = await this.find(id);
    const { attachment: file } = message;
    const blob = file && (await this.fetch(file));
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

  private async change(message: MessageRow, change: Change): Promise<void> {
    const { messages } = this.parts;
    await messages.change(async (work) =>
      messages.intake.carryOut(work, (await work.message(message.id)) ?? message, change),
    );
  }

  private async find(id: string): Promise<MessageRow> {
    const message = await this.parts.core.store.get<MessageRow>("messages", id);
    if (!message) throw new Error(t("error.unknown"));
    return message;
  }

  private async own(id: string): Promise<MessageRow> {
    const message = await this.find(id);
    if (!message.own) throw new Error(t("error.unknown"));
    return message;
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

  private async quote(
    id: string | undefined,
  ): Promise<{ reply: NonNullable<Content["reply"]>; shown: NonNullable<MessageRow["quote"]> } | undefined> {
    if (id === undefined) return undefined;
    const message = await this.find(id);
    const group = this.parts.chats.isGroup(message.chat);
    const ref = group ? message.stanzaId : message.mid;
    if (!ref || message.retracted) return undefined;
    const to = group ? `${message.chat}/${message.nick ?? message.who}` : message.from;
    const shown = { ref, to, ...quoteOf(message) };
    return { reply: replyTo(shown, message.text || shown.text), shown };
  }

  private mentions(chat: Address, text: string): string[] {
    return this.parts.chats.isGroup(chat) ? this.parts.speakers.mentioned(chat, text) : [];
  }

  /** Whether what is written now goes encrypted; undecided while nobody knows whether the other side can. */
  private sealed(chat: Address): boolean | undefined {
    if (chat.includes("/")) return false;
    const row = this.parts.chats.ensure(chat);
    return row.lock ?? (this.parts.encryption.wanted(row) || undefined);
  }

  /** The older envelope carries a link and nothing beside it: the words follow by themselves, also where it may come to that. */
  private apart(chat: Address): boolean {
    if (chat.includes("/")) return false;
    const row = this.parts.chats.ensure(chat);
    return (row.lock ?? this.parts.encryption.wanted(row)) !== false;
  }
}

const replyTo = (
  { ref, to, secret }: { ref: string; to: string; secret?: boolean },
  quoted: string,
): NonNullable<Content["reply"]> => ({ ref, to, quoted, ...(secret && { secret }) });
