import { t } from "../../i18n/index.ts";
import { passing } from "../../xmpp/away.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { bare } from "../../xmpp/jid.ts";
import * as avatars from "../../proto/avatars.ts";
import { info } from "../../proto/disco.ts";
import { N } from "../../proto/ns.ts";
import { MAX_FIELD, slot, upload, UploadRefused } from "../../proto/upload.ts";
import type { Store } from "../../store/store.ts";
import { full, put } from "../../store/store.ts";
import type { Core } from "../core/core.ts";
import type { Transfer } from "../model.ts";
import { Later } from "../core/refusals.ts";

interface FileRow {
  id: string;
  blob: Blob;
  at: number;
}

/** Files on their way up, and pictures of people and groups. */
export class Media {
  private readonly aborts = new Map<string, AbortController>();
  /** What is on its way up at the moment. */
  readonly transfers = new Map<string, Transfer>();
  private service: Promise<{ address: string; largest: number }> | undefined;

  constructor(private readonly core: Core) {}

  /** Sends bytes to the box; the address where they can be had. `message` is the one that shows the progress. */
  async send(message: string, blob: Blob, name: string, type: string): Promise<string> {
    const { address, largest } = await this.find();
    if (blob.size > largest)
      throw new Error(t("error.fileTooLarge", { limit: Math.floor(largest / 1_048_576) }));
    const abort = new AbortController();
    this.aborts.set(message, abort);
    const show = (done: number) => {
      const transfer = { message, done };
      this.transfers.set(message, transfer);
      this.core.emit({ transfers: [[message, transfer]] });
    };
    try {
      show(0);
      const place = await slot(this.core.stream, address, name, blob.size, type);
      await upload(place, blob, type, show, abort.signal);
      return place.get;
    } catch (error) {
      throw explained(error);
    } finally {
      this.aborts.delete(message);
      this.transfers.delete(message);
      this.core.emit({ transfers: [[message, undefined]] });
    }
  }

  cancel(message: string): void {
    this.aborts.get(message)?.abort(new DOMException("cancelled", "AbortError"));
  }

  /** The picture of a key `ADDRESS/HASH`: asked for once, kept, because its hash names it. */
  async picture(key: string): Promise<Blob | undefined> {
    const kept = await this.core.store.get<FileRow>("files", `picture ${key}`);
    if (kept) return kept.blob;
    if (!this.core.online) return undefined;
    const slash = key.lastIndexOf("/");
    const [address, hash] = [key.slice(0, slash), key.slice(slash + 1)];
    const blob = await this.ask(address, hash);
    if (blob) await keep(this.core.store, `picture ${key}`, blob);
    return blob;
  }

  private async ask(address: string, hash: string): Promise<Blob | undefined> {
    try {
      return (
        (await avatars.picture(this.core.stream, bare(address), hash)) ??
        (await avatars.fromCard(this.core.stream, address, hash))
      );
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      return avatars.fromCard(this.core.stream, address, hash).catch(() => undefined);
    }
  }

  private find(): Promise<{ address: string; largest: number }> {
    this.service ??= info(this.core.stream, this.core.domain).then(
      (found) => ({
        address: this.core.domain,
        largest: found.features.has(N.upload) ? Number(found.form.get(MAX_FIELD)) || Infinity : Infinity,
      }),
      (error: unknown) => {
        this.service = undefined;
        throw error;
      },
    );
    return this.service;
  }
}

function explained(error: unknown): unknown {
  if (error instanceof UploadRefused) {
    if (error.status === 0) return new Later();
    return new Error(
      error.status === 413
        ? t("error.fileTooLargeHere")
        : error.status === 507
          ? t("error.boxFull")
          : t("error.upload"),
    );
  }
  if (error instanceof StanzaError) {
    if (error.condition === "resource-constraint") return new Error(t("error.boxFull"));
    return passing(error) ? error : new Error(t("error.upload"));
  }
  return error;
}

/** What was fetched or sent from here is kept on this device, so many of each; the oldest leave first. */
const KEPT = { "file ": 200, "picture ": 500 };

/** Where there is no room for it, it is fetched again when it is wanted again. */
async function keep(store: Store, id: string, blob: Blob): Promise<void> {
  try {
    await store.write([put("files", { id, blob, at: Date.now() })]);
  } catch (error) {
    if (!full(error)) throw error;
  }
}

/** Files on this device. */
export class FileCache {
  constructor(private readonly store: Store) {}

  async get(url: string): Promise<Blob | undefined> {
    return (await this.store.get<FileRow>("files", `file ${url}`))?.blob;
  }

  async keep(url: string, blob: Blob): Promise<void> {
    if (blob.size > 8 * 1_048_576) return;
    await keep(this.store, `file ${url}`, blob);
  }

  async trim(): Promise<void> {
    const rows = (await this.store.all<FileRow>("files")).sort((a, b) => b.at - a.at);
    const old = Object.entries(KEPT).flatMap(([kind, count]) =>
      rows.filter((row) => row.id.startsWith(kind)).slice(count),
    );
    await this.store.write(old.map((row) => ({ table: "files" as const, remove: row.id })));
  }
}
