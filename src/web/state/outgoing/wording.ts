import type { Content } from "../../proto/say.ts";
import type { MessageRow } from "../../store/records.ts";
import type { Chats } from "../core/chats.ts";
import type { Speakers } from "../groups/speakers.ts";
import type { Messages } from "../messages/messages.ts";
import { quoteOf } from "../messages/quotes.ts";
import type { Address } from "../model.ts";

interface Parts {
  readonly chats: Chats;
  readonly messages: Messages;
  readonly speakers: Speakers;
}

interface Answering {
  reply: NonNullable<Content["reply"]>;
  /** The same, as it is drawn here. */
  shown: NonNullable<MessageRow["quote"]>;
}

/** What a message says on the wire beside its words: what it answers, and whom it names. */
export class Wording {
  constructor(private readonly parts: Parts) {}

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

  /** What answers a message; nothing where none is asked for, or where it cannot be named to others. */
  async answering(id: string | undefined): Promise<Answering | undefined> {
    if (id === undefined) return undefined;
    const message = await this.parts.messages.named(id);
    const group = this.parts.chats.isGroup(message.chat);
    const ref = group ? message.stanzaId : message.mid;
    if (!ref || message.retracted) return undefined;
    const to = group ? `${message.chat}/${message.nick ?? message.who}` : message.from;
    const shown = { ref, to, ...quoteOf(message) };
    return { reply: replyTo(shown, message.text || shown.text), shown };
  }

  mentions(chat: Address, text: string): string[] {
    return this.parts.chats.isGroup(chat) ? this.parts.speakers.mentioned(chat, text) : [];
  }
}

const replyTo = (
  { ref, to, secret }: { ref: string; to: string; secret?: boolean },
  quoted: string,
): NonNullable<Content["reply"]> => ({ ref, to, quoted, ...(secret && { secret }) });
