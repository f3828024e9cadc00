import { t } from "../i18n/index.ts";
import { StanzaError } from "../xmpp/errors.ts";
import type { Element } from "../xmpp/xml.ts";
import type { Content } from "../proto/say.ts";
import type { MessageRow, OutboxRow } from "../store/records.ts";
import { put, remove } from "../store/store.ts";
import type { Chats } from "./chats.ts";
import type { Core } from "./core.ts";
import type { Messages } from "./messages.ts";
import type { Work } from "./work.ts";

/** What sending asks of other parts. */
export interface Means {
  /** Whether a chat can be written to now: its archive has been read, and a group has been entered. */
  ready(chat: string): boolean;
  /** The stanza, encrypted where the chat is; throws an `Error` for a person to read when it may not be sent so. */
  seal(chat: string, content: Content, id: string): Promise<Element | undefined>;
  /** Sends a file's bytes up; the content then names where they are. */
  upload(row: OutboxRow): Promise<Content>;
}

/**
 * What waits to be sent, in order, on disk. A message is tried again only after the archive has been read: if it had
 * arrived, it would have come back from there by its own id and been taken off the list.
 */
export class Outbox {
  means!: Means;
  private readonly rows = new Map<string, OutboxRow>();
  /** Those that are being sent up, and those that were sent and wait for word that they arrived. */
  private readonly status = new Map<string, "underway" | "sent">();

  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
    private readonly messages: Messages,
  ) {}

  async load(): Promise<void> {
    const rows = await this.core.store.all<OutboxRow>("outbox");
    for (const row of rows.sort((a, b) => a.seq - b.seq)) this.rows.set(row.id, row);
  }

  /** Keeps what is to be said, and shows it when it is a message of its own; resolves when it is on disk. */
  async add(chat: string, content: Content, message?: MessageRow, file?: OutboxRow["file"]): Promise<void> {
    const id = message?.id ?? crypto.randomUUID();
    const row: OutboxRow = {
      id,
      seq: Date.now() + this.rows.size / 1000,
      chat,
      content,
      ...(file && { file }),
    };
    this.rows.set(id, row);
    await this.messages.change(async (work) => {
      work.also(put("outbox", row));
      if (message) await this.messages.intake.add(work, message);
    });
    this.pump();
  }

  /** The box has it. */
  arrived(id: string, work: Work): void {
    this.forget(id);
    work.also(remove("outbox", id));
  }

  has(id: string): boolean {
    return this.rows.has(id);
  }

  async cancel(id: string): Promise<boolean> {
    const row = this.rows.get(id) ?? (await this.core.store.get<OutboxRow>("outbox", id));
    if (!row || (this.status.has(id) && !row.file)) return false;
    this.forget(id);
    await this.core.store.write([remove("outbox", id), remove("messages", id)]);
    this.core.emit({ dropped: [id], transfers: [[id, undefined]] });
    return true;
  }

  /** Tries again what failed. */
  async retry(message: MessageRow): Promise<void> {
    const row = await this.core.store.get<OutboxRow>("outbox", message.id);
    if (!row) return;
    this.rows.set(row.id, row);
    await this.mark(row, "waiting");
    this.pump();
  }

  /** Sends what can be sent; of one chat one after the other. */
  pump(): void {
    if (!this.core.online) return;
    const busy = new Set<string>();
    for (const row of this.rows.values()) {
      const status = this.status.get(row.id);
      if (status === "underway") busy.add(row.chat);
      if (status || busy.has(row.chat) || !this.means.ready(row.chat)) continue;
      busy.add(row.chat);
      this.status.set(row.id, "underway");
      void this.send(row).then(() => this.pump());
    }
  }

  private async send(row: OutboxRow): Promise<void> {
    try {
      if (row.file) {
        row.content = await this.means.upload(row);
        delete row.file;
        if (!this.rows.has(row.id)) return;
        await this.core.store.write([put("outbox", row)]);
      }
      const stanza = await this.means.seal(row.chat, row.content, row.id);
      if (!stanza) return await this.done(row);
      this.status.set(row.id, "sent");
      void this.core.stream.send(stanza).then(
        () => this.acknowledged(row),
        () => undefined,
      );
    } catch (error) {
      await this.failed(row.id, error);
    }
  }

  /** A new session: what was not acknowledged in the old one waits again, until the archive says that it arrived. */
  restart(): void {
    this.status.clear();
  }

  private forget(id: string): void {
    this.rows.delete(id);
    this.status.delete(id);
  }

  /** In a group the room's copy says that it is sent; between two the box's acknowledgement. */
  private async acknowledged(row: OutboxRow): Promise<void> {
    if (this.chats.isGroup(row.chat)) return;
    await this.done(row);
  }

  private async done(row: OutboxRow): Promise<void> {
    this.forget(row.id);
    await this.messages.change(async (work) => {
      work.also(remove("outbox", row.id));
      const message = await work.message(row.id);
      if (message?.state !== "waiting") return;
      const next: MessageRow = { ...message, state: "sent" };
      work.put(next);
      this.chats.arrived(work, next, false);
    });
  }

  /** It cannot be sent as it is: it stays, to be tried again by hand. */
  async failed(id: string, error: unknown): Promise<void> {
    if (error instanceof Error && (error.name === "Lost" || error.name === "AbortError")) {
      this.status.delete(id);
      return;
    }
    const row = this.rows.get(id) ?? (await this.core.store.get<OutboxRow>("outbox", id));
    this.forget(id);
    if (row) await this.mark(row, "failed", problem(error));
  }

  private async mark(row: OutboxRow, state: "waiting" | "failed", why?: string): Promise<void> {
    await this.messages.change(async (work) => {
      const message = await work.message(row.id);
      if (!message) return why === undefined ? undefined : this.core.toast(why, "wrong");
      const { problem: _, ...rest } = message;
      const next: MessageRow = { ...rest, state, ...(why !== undefined && { problem: why }) };
      work.put(next);
      this.chats.arrived(work, next, false);
    });
  }
}

/** Why it failed, in words for a person. */
export function problem(error: unknown): string {
  if (error instanceof StanzaError) return conditionText(error.condition);
  return error instanceof Error && error.message ? error.message : t("error.unknown");
}

export function conditionText(condition: string): string {
  switch (condition) {
    case "not-allowed":
    case "forbidden":
      return t("error.forbidden");
    case "item-not-found":
    case "service-unavailable":
      return t("error.nobody");
    case "recipient-unavailable":
    case "remote-server-not-found":
    case "remote-server-timeout":
      return t("error.unreachable");
    case "not-acceptable":
      return t("error.notInGroup");
    case "policy-violation":
    case "resource-constraint":
      return t("error.tooMuch");
    default:
      return t("error.unknown");
  }
}

/** A message of our own as it stands before it is sent. */
export function draft(
  core: Core,
  chat: string,
  content: Pick<MessageRow, "kind" | "text" | "encrypted"> & Partial<MessageRow>,
): MessageRow {
  const id = crypto.randomUUID();
  return {
    id,
    mid: id,
    chat,
    at: core.now(),
    seq: core.order(),
    own: true,
    from: core.me.address,
    who: core.me.name,
    reactions: {},
    edited: false,
    retracted: false,
    mention: false,
    state: "waiting",
    ...content,
  };
}
