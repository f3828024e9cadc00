import { t } from "../i18n/index.ts";
import { bare, resource } from "../xmpp/jid.ts";
import type { Element } from "../xmpp/xml.ts";
import { N } from "../proto/ns.ts";
import { read, type FileInfo, type Payload, type Said } from "../proto/said.ts";
import { receipt } from "../proto/say.ts";
import type { Change, MessageRow } from "../store/records.ts";
import type { Chats } from "./chats.ts";
import type { Core } from "./core.ts";
import { apply, changeOf, refsOf } from "./changes.ts";
import type { Attachment, Delivery } from "./model.ts";
import { kindOf, shown } from "./shown.ts";
import { Work } from "./work.ts";

/** A message as it came. */
export interface Incoming {
  message: Element;
  /** Its id in the archive that is read, and when that got it. */
  archived?: { id: string; at: number };
  /** A copy of what another own device sent or got (XEP-0280). */
  copied: boolean;
}

/** What the messages ask of other parts. */
export interface Helpers {
  /** Who speaks in a group. */
  speaker(room: string, said: Said): { from: string; who: string; own: boolean };
  nameOf(address: string): string;
  known(address: string): boolean;
  /** Whether a text names this person, in a group. */
  names(room: string, payload: Payload): boolean;
  decrypt(said: Said, sender: string, room: string | undefined, work: Work): Promise<Opened>;
  failed(chat: string, mid: string, error: NonNullable<Said["error"]>): Promise<void>;
  /** The box or the room has it: nothing to be sent any more. */
  arrived(id: string, work: Work): void;
  typing(chat: string, who: string, state: string): void;
  invited(said: Said): Promise<void>;
  subject(room: string, text: string): void;
  /** Another own device has read up to here. */
  readElsewhere(chat: string, mid: string): void;
}

/** What an encrypted message turned out to be. `nothing`: for the session alone. */
export type Opened =
  | { kind: "payload"; payload: Payload; device: number }
  | { kind: "nothing" }
  | { kind: "unreadable"; text: string };

const ORDER: Delivery[] = ["failed", "waiting", "sent", "delivered", "read"];

/** Takes in what was said, one after the other, each once. */
export class Messages {
  helpers!: Helpers;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
  ) {}

  /** A batch in its order; resolves when it is on disk. Batches wait for each other. */
  take(batch: readonly Incoming[]): Promise<void> {
    const run = this.last.then(() => this.process(batch));
    this.last = run.catch(() => undefined);
    return run;
  }

  /** After everything that is being taken in. */
  async change(act: (work: Work) => Promise<void>): Promise<void> {
    const run = this.last.then(async () => {
      const work = new Work(this.core.store);
      await act(work);
      await this.finish(work);
    });
    this.last = run.catch(() => undefined);
    return run;
  }

  private async process(batch: readonly Incoming[]): Promise<void> {
    const work = new Work(this.core.store);
    for (const incoming of batch) await this.one(incoming, work);
    await this.finish(work);
  }

  private async finish(work: Work): Promise<void> {
    await work.commit();
    if (work.messages.size > 0)
      this.core.emit({
        messages: [...work.messages.values()].map((row) => shown(row, this.core.me.address)),
      });
    this.chats.show(...work.chats.keys());
  }

  private async one(incoming: Incoming, work: Work): Promise<void> {
    const said = read(incoming.message);
    const from = bare(said.from || this.core.me.address);
    const sent = from === this.core.me.address;
    const chat = this.chatOf(said, sent ? said.to : said.from, sent);
    if (!chat) return;
    if (said.type === "error")
      return void (said.mid && (await this.helpers.failed(chat, said.mid, said.error!)));
    const group = said.type === "groupchat";
    if (said.invitation && !sent) return this.helpers.invited(said);
    if (group && said.subject !== undefined && !said.body) return this.helpers.subject(chat, said.subject);
    const speaker = group
      ? this.helpers.speaker(chat, said)
      : {
          from,
          own: sent,
          who: sent ? this.core.me.name : chat.includes("/") ? resource(chat) : this.helpers.nameOf(from),
        };
    await this.attend(said, chat, speaker, incoming, work);
    await this.words(said, chat, speaker, incoming, work);
  }

  /** The conversation that a message belongs to; none for what is no conversation. */
  private chatOf(said: Said, other: string, sent: boolean): string | undefined {
    if (said.type === "headline" || !other) return undefined;
    const address = bare(other);
    if (said.type === "groupchat") return this.chats.isGroup(bare(said.from)) ? bare(said.from) : undefined;
    // Words between two in a group stay apart from the group.
    if (this.chats.isGroup(address) && resource(other) && !said.invitation)
      return `${address}/${resource(other)}`;
    return !sent || address !== this.core.me.address ? address : undefined;
  }

  /** Marks, receipts and typing. */
  private async attend(
    said: Said,
    chat: string,
    speaker: { who: string; own: boolean },
    { archived, copied }: Incoming,
    work: Work,
  ): Promise<void> {
    const live = archived === undefined;
    if (!speaker.own && said.receipt) await this.progress(work, chat, said.receipt, "delivered", false);
    if (said.displayed && said.type !== "groupchat") {
      if (speaker.own) this.helpers.readElsewhere(chat, said.displayed);
      else await this.progress(work, chat, said.displayed, "read", true);
    }
    if (live && !speaker.own && !copied && said.state) this.helpers.typing(chat, speaker.who, said.state);
  }

  private async words(
    said: Said,
    chat: string,
    speaker: { from: string; who: string; own: boolean },
    incoming: Incoming,
    work: Work,
  ): Promise<void> {
    const group = said.type === "groupchat";
    const archive = group ? chat : this.core.me.address;
    const stanzaId = incoming.archived?.id ?? said.stanzaIds.get(archive);
    if (stanzaId && (await work.find(chat, "stanzaId", stanzaId))) return;
    const mid = said.mid ?? said.originId;
    if (speaker.own && mid && (await this.merge(work, chat, mid, stanzaId))) return;

    let payload: Payload = said;
    let encrypted = false;
    let device: number | undefined;
    if (said.encrypted) {
      const opened = await this.helpers.decrypt(said, speaker.from, group ? chat : undefined, work);
      if (opened.kind === "nothing") return;
      encrypted = true;
      if (opened.kind === "unreadable")
        return this.add(
          work,
          this.row(said, chat, speaker, incoming, stanzaId, { kind: "notice", text: opened.text, encrypted }),
        );
      device = opened.device;
      payload = { ...opened.payload, mentions: opened.payload.mentions };
      // References to other messages stand outside the older envelope.
      if (said.encrypted.version === 1) {
        for (const key of ["reply", "replaces", "retracts", "reacts"] as const)
          if (said[key] && !payload[key]) Object.assign(payload, { [key]: said[key] });
      }
    } else if (said.foreign) {
      return this.add(
        work,
        this.row(said, chat, speaker, incoming, stanzaId, {
          kind: "notice",
          text: t("notice.foreign"),
          encrypted: true,
        }),
      );
    }

    const at = incoming.archived?.at ?? said.at ?? this.core.now();
    const fromRoom = group && resource(said.from) === "";
    const change = changeOf(payload, speaker, at, fromRoom);
    if (change) return this.say(work, chat, change, group, encrypted);
    if (payload.body === undefined && !payload.file) return;
    const row = this.row(said, chat, speaker, incoming, stanzaId, {
      ...content(payload),
      encrypted,
      ...(device !== undefined && { device }),
    });
    row.mention = !speaker.own && group && this.helpers.names(chat, payload);
    if (payload.reply) row.quote = await this.quote(work, chat, payload.reply, group);
    if (
      said.wantsReceipt &&
      !speaker.own &&
      !incoming.copied &&
      said.type === "chat" &&
      mid &&
      this.helpers.known(chat)
    )
      this.core.tell(receipt(said.from, mid));
    await this.add(work, row);
    this.helpers.typing(chat, speaker.who, "active");
  }

  private row(
    said: Said,
    chat: string,
    speaker: { from: string; who: string; own: boolean },
    incoming: Incoming,
    stanzaId: string | undefined,
    content: Pick<MessageRow, "kind" | "text" | "encrypted"> & Partial<MessageRow>,
  ): MessageRow {
    const mid = said.mid ?? said.originId;
    return {
      id: stanzaId ? (said.type === "groupchat" ? `${chat} ${stanzaId}` : stanzaId) : crypto.randomUUID(),
      chat,
      at: incoming.archived?.at ?? said.at ?? this.core.now(),
      seq: this.core.order(stanzaId),
      own: speaker.own,
      from: speaker.from,
      who: speaker.who,
      reactions: {},
      edited: false,
      retracted: false,
      mention: false,
      ...(mid && { mid }),
      ...(stanzaId && { stanzaId }),
      ...(speaker.own && { state: "sent" as const }),
      ...content,
    };
  }

  /** A new message, with what has been said of it before it came. */
  async add(work: Work, row: MessageRow): Promise<void> {
    for (const change of await work.adopt(row.chat, refsOf(row))) apply(row, change);
    work.put(row);
    const chat = this.chats.ensure(row.chat);
    if (
      chat.at === 0 &&
      chat.kind === "person" &&
      !row.own &&
      !this.helpers.known(row.chat) &&
      !row.chat.includes("/")
    )
      chat.request = true;
    if (row.own) chat.request = false;
    this.chats.arrived(work, row, true);
  }

  /** One's own message comes back: from the archive, from a room, or as a copy. */
  private async merge(work: Work, chat: string, mid: string, stanzaId: string | undefined): Promise<boolean> {
    const row = await work.find(chat, "mid", mid);
    if (!row?.own) return false;
    const next = structuredClone(row);
    if (stanzaId) next.stanzaId = stanzaId;
    if (next.state === "waiting" || next.state === "failed") next.state = "sent";
    delete next.problem;
    for (const change of await work.adopt(chat, refsOf(next))) apply(next, change);
    work.put(next);
    this.helpers.arrived(row.id, work);
    this.chats.arrived(work, next, false);
    return true;
  }

  private async say(
    work: Work,
    chat: string,
    change: { refs: string; change: Change },
    group: boolean,
    encrypted: boolean,
  ): Promise<void> {
    const target = await this.target(work, chat, change.refs, change.change, group);
    if (!target) return work.orphan(chat, change.refs, change.change);
    // What was encrypted is not changed by words in the open.
    if (change.change.kind === "edit" && target.encrypted && !encrypted) return;
    const next = structuredClone(target);
    if (!apply(next, change.change)) return;
    work.put(next);
    this.chats.arrived(work, next, false);
  }

  private async target(
    work: Work,
    chat: string,
    ref: string,
    change: Change,
    group: boolean,
  ): Promise<MessageRow | undefined> {
    if (group && change.kind !== "edit") return work.find(chat, "stanzaId", ref);
    return (
      (await work.find(chat, "mid", ref)) ??
      (change.kind === "edit" ? undefined : work.find(chat, "stanzaId", ref))
    );
  }

  private async quote(
    work: Work,
    chat: string,
    { to, ref }: { to: string; ref: string },
    group: boolean,
  ): Promise<NonNullable<MessageRow["quote"]>> {
    const target = group ? await work.find(chat, "stanzaId", ref) : await work.find(chat, "mid", ref);
    if (target) return { ref, message: target.id, who: target.who, text: target.text.slice(0, 300) };
    return { ref, who: group ? resource(to) : this.helpers.nameOf(bare(to || chat)), text: "" };
  }

  /** One's own messages got further; with `upTo` all before that one too (XEP-0333 section 3). */
  private async progress(
    work: Work,
    chat: string,
    mid: string,
    state: Delivery,
    upTo: boolean,
  ): Promise<void> {
    const row = await work.find(chat, "mid", mid);
    if (!row) return;
    const earlier = upTo ? await this.core.store.stretch(chat, row, "older", 50) : [];
    for (const stored of [row, ...earlier]) {
      const one = work.messages.get(stored.id) ?? stored;
      if (!one.own || !one.state || ORDER.indexOf(one.state) >= ORDER.indexOf(state)) continue;
      const next = { ...one, state };
      work.put(next);
      // It may be told before the box has acknowledged it.
      if (one.state === "waiting") this.helpers.arrived(one.id, work);
      this.chats.arrived(work, next, false);
    }
  }
}

export const isCarbon = (element: Element): boolean => element.getNS() === N.carbons;

/** What is drawn of words or a file. */
function content(payload: Payload): Pick<MessageRow, "kind" | "text"> & { attachment?: Attachment } {
  if (!payload.file) return { kind: "text", text: payload.body ?? "" };
  const { file } = payload;
  return {
    kind: kindOf(file.type, file.waveform !== undefined),
    text: file.caption ?? payload.body ?? "",
    attachment: attachment(file),
  };
}

export function attachment({ caption: _, ...file }: FileInfo): Attachment {
  return file;
}
