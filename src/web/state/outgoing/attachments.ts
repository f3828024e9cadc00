import { t } from "../../i18n/index.ts";
import type { Content } from "../../proto/say.ts";
import type { OutboxRow } from "../../store/records.ts";
import type { Core } from "../core/core.ts";
import { fetchFile } from "../files/fetching.ts";
import type { FileCache, Media } from "../files/media.ts";
import { attachment } from "../messages/content.ts";
import type { Messages } from "../messages/messages.ts";
import type { Attachment } from "../model.ts";

interface Parts {
  readonly core: Core;
  readonly messages: Messages;
  readonly media: Media;
  readonly files: FileCache;
}

/** A file that has no address yet is shown by the message that it waits in. */
const WAITING = "kith:";

export const waitingIn = (message: string): string => WAITING + message;

/** The bytes of what messages bring besides words. */
export class Attachments {
  constructor(private readonly parts: Parts) {}

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
}
