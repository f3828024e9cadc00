import { t } from "../../i18n/index.ts";
import { bare, resource } from "../../xmpp/jid.ts";
import { read, type Payload, type Said } from "../../proto/said.ts";
import { receipt } from "../../proto/say.ts";
import type { Change, ChatRow, MessageRow } from "../../store/records.ts";
import { content, type Arrival, type Helpers, type Incoming } from "./arrival.ts";
import { apply, changeOf, refsOf } from "./changes.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Opened } from "./letter.ts";
import type { Delivery } from "../model.ts";
import { quoteOf, requote } from "./quotes.ts";
import { overtaken } from "./overtaken.ts";
import { arrived } from "./rows.ts";
import type { Work } from "../core/work.ts";

const ORDER: Delivery[] = ["failed", "waiting", "sent", "delivered", "read"];
/** A mark says that everything before was read too; what is further back was marked before. */
const MARKED = 50;

/** Reads one message after the other into a batch. */
export class Intake {
  helpers!: Helpers;

  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
  ) {}

  async one(incoming: Incoming, work: Work): Promise<void> {
    const said = read(incoming.message);
    const sent = bare(said.from || this.core.me.address) === this.core.me.address;
    const chat = this.chatOf(said, sent ? said.to : said.from, sent);
    if (!chat || (said.type === "groupchat" && !incoming.archived && !this.helpers.hears(chat))) return;
    if (said.type === "error")
      return void (said.mid && (await this.helpers.failed(work, chat, said.mid, said.error!)));
    const arrival = this.arrival(incoming, said, chat, sent);
    // Of a history that somebody scrolls through it asks nothing any more.
    if (said.invitation && !sent) return arrival.old ? undefined : this.helpers.invited(said, arrival.at);
    if (arrival.group && said.subject !== undefined && !said.body)
      return arrival.old ? undefined : this.helpers.subject(chat, said.subject);
    await this.marks(arrival, said, work);
    await this.words(arrival, work);
  }

  /** The conversation that a message belongs to; none for what is no conversation. */
  private chatOf(said: Said, other: string, sent: boolean): string | undefined {
    if (said.type === "headline" || !other) return undefined;
    const address = bare(other);
    if (said.type === "groupchat") return this.chats.isGroup(bare(said.from)) ? bare(said.from) : undefined;
    // Words between two in a group stay apart from the group. That it is one, nobody says of himself.
    if (this.chats.isGroup(address) && resource(other) && !said.invitation)
      return `${address}/${resource(other)}`;
    return sent && address === this.core.me.address ? undefined : address;
  }

  private arrival({ archived, copied, old }: Incoming, said: Said, chat: string, sent: boolean): Arrival {
    const group = said.type === "groupchat";
    const from = bare(said.from || this.core.me.address);
    const stanzaId = archived?.id ?? said.stanzaIds.get(group ? chat : this.core.me.address);
    const late = group && said.delay?.by === chat ? said.delay.at : undefined;
    const name = chat.includes("/") ? resource(chat) : this.helpers.nameOf(from);
    return {
      said,
      chat,
      group,
      copied,
      speaker: group
        ? this.helpers.speaker(chat, said)
        : { from, own: sent, who: sent ? this.core.me.name : name },
      live: archived === undefined,
      // A room may say anything of what is its own; nothing was said in times to come.
      at: Math.min(archived?.at ?? late ?? this.core.timeOf(stanzaId), this.core.now()),
      old: old === true,
      mid: said.mid ?? said.originId,
      stanzaId,
    };
  }

  /** Marks, receipts and typing: in the open as most apps say them, or in an envelope as Converse.js does. */
  private async marks(
    { said, chat, speaker, group, live, copied }: Arrival,
    { receipt, displayed, state }: Payload,
    work: Work,
  ): Promise<void> {
    if (!speaker.own && receipt) await this.progress(work, chat, receipt, "delivered", false);
    if (displayed && !group) {
      if (speaker.own) this.helpers.readElsewhere(chat, displayed);
      else await this.progress(work, chat, displayed, "read", true);
    }
    if (displayed && group && !speaker.own)
      await this.helpers.readInGroup(work, chat, { ...said, displayed });
    if (live && !speaker.own && !copied && state) this.helpers.typing(chat, speaker.who, state);
  }

  private async words(arrival: Arrival, work: Work): Promise<void> {
    const { said, chat, speaker, group, mid, stanzaId, at } = arrival;
    if (stanzaId && (await work.find(chat, "stanzaId", stanzaId))) return;
    // A room may have given it an id of its own (XEP-0359 section 5).
    for (const name of speaker.own ? new Set([mid, said.originId]) : [])
      if (name && (await this.merge(work, arrival, name))) return;
    if (said.encrypted) {
      const letter = { said, sender: speaker.from, group: group ? chat : undefined, at };
      return this.helpers.open(letter, async (opened) => {
        await this.opened(arrival, opened, work);
        // What the letter says is written with the session that it moved on, and so is all that came before it.
        return work.take();
      });
    }
    if (said.foreign) return this.notice(arrival, t("notice.foreign"), work);
    await this.plain(arrival, said, work, false);
  }

  private async opened(arrival: Arrival, opened: Opened, work: Work): Promise<void> {
    if (opened.kind === "payload") {
      await this.marks(arrival, opened.payload, work);
      return this.plain(arrival, opened.payload, work, true, opened.device);
    }
    if (opened.kind === "unreadable") return this.notice(arrival, opened.text, work);
    if (opened.kind === "before") this.before(arrival, work);
  }

  private async plain(
    arrival: Arrival,
    payload: Payload,
    work: Work,
    encrypted: boolean,
    device?: number,
  ): Promise<void> {
    const { said, chat, speaker, group, at } = arrival;
    const mention = !speaker.own && group && this.helpers.names(chat, payload);
    const fromRoom = group && resource(said.from) === "";
    const change = changeOf(payload, speaker, { at, fromRoom, encrypted, mention });
    if (change) return this.change(work, chat, change, group);
    if (payload.body === undefined && !payload.file) return;
    const row = arrived(this.core, arrival, {
      ...content(payload),
      encrypted,
      mention,
      ...(device !== undefined && { device }),
      ...(speaker.own && this.helpers.readByAll(chat, at) && { state: "read" as const }),
    });
    if (payload.reply) row.quote = await this.quote(work, chat, payload.reply, group);
    this.thank(arrival);
    const kept = this.chats.ensure(chat);
    // Where a closed group is encrypted, it is so for all who are in it; and of two nobody goes back by himself.
    if (encrypted && (group || this.core.settings.encryptByDefault)) kept.lock ??= true;
    await this.add(work, row, !arrival.old);
    this.helpers.typing(chat, speaker.who, "active");
  }

  /** Says that it has arrived, to those who may know that we are here; of a history, nobody waits for that any more. */
  private thank({ said, chat, speaker, copied, mid, at, old }: Arrival): void {
    const past = old || this.chats.settled(chat, at);
    const wanted = said.wantsReceipt && said.type === "chat" && !speaker.own && !copied && !past;
    if (wanted && mid && this.helpers.known(chat)) this.core.tell(receipt(said.from, mid));
  }

  private async notice(arrival: Arrival, text: string, work: Work): Promise<void> {
    this.list(arrival);
    await this.add(
      work,
      arrived(this.core, arrival, { kind: "notice", text, encrypted: true }),
      !arrival.old,
    );
  }

  /** One quiet line for all that was said before this device was there. */
  private before(arrival: Arrival, work: Work): void {
    this.list(arrival);
    const row = arrived(this.core, arrival, { kind: "notice", text: t("notice.before"), encrypted: true });
    const line: MessageRow = { ...row, id: `before ${arrival.chat}` };
    delete line.mid;
    delete line.stanzaId;
    const chat = this.chats.ensure(line.chat);
    if (arrival.group) chat.lock ??= true;
    this.meet(chat, line.own);
    work.put(line);
    this.chats.arrived(work, line, false);
  }

  /** Words that cannot be read here are words all the same: the chat with somebody known is in the list. */
  private list({ chat, speaker, old }: Arrival): void {
    if (!old && (speaker.own || this.helpers.known(chat))) this.chats.ensure(chat).hidden = false;
  }

  /** A new message, with what has been said of it before it came. */
  async add(work: Work, row: MessageRow, counts = true): Promise<void> {
    for (const change of await work.adopt(row.chat, refsOf(row))) apply(row, change);
    const chat = this.chats.ensure(row.chat);
    this.meet(chat, row.own);
    await this.keep(work, row, counts);
  }

  /** Who is a stranger and writes first asks to be let in. */
  private meet(chat: ChatRow, own: boolean): void {
    if (own) chat.request = false;
    else if (chat.at === 0 && chat.kind === "person" && !this.welcome(chat.id)) chat.request = true;
  }

  /** Somebody known, or in a group that this person is in. */
  private welcome(chat: string): boolean {
    return chat.includes("/") ? this.chats.follows(bare(chat)) : this.helpers.known(chat);
  }

  /** A message as it is now, in its chat and where it is answered. */
  async keep(work: Work, row: MessageRow, counts = false): Promise<void> {
    work.put(row);
    await requote(work, row, this.chats.isGroup(row.chat));
    this.chats.arrived(work, row, counts);
  }

  /** One's own message comes back: from the archive, from a room, or as a copy. */
  private async merge(work: Work, { chat, stanzaId, at }: Arrival, mid: string): Promise<boolean> {
    if (this.helpers.waits(mid)) this.helpers.arrived(mid, work);
    const row = await work.find(chat, "mid", mid);
    if (!row?.own) return false;
    const next = structuredClone(row);
    // It stands where the archive has it, which is where all others see it.
    if (stanzaId && !row.stanzaId) {
      Object.assign(next, { stanzaId, at, seq: this.core.order(stanzaId) });
      for (const after of await overtaken(this.core, work, row, next)) await this.keep(work, after);
    }
    if (next.state === "waiting" || next.state === "failed") next.state = "sent";
    delete next.problem;
    for (const change of await work.adopt(chat, refsOf(next))) apply(next, change);
    this.helpers.arrived(row.id, work);
    await this.keep(work, next);
    return true;
  }

  private async change(
    work: Work,
    chat: string,
    { refs, change }: { refs: string; change: Change },
    group: boolean,
  ): Promise<void> {
    const target = await this.target(work, chat, refs, change, group);
    if (!target) return work.orphan(chat, refs, change);
    await this.carryOut(work, target, change);
  }

  /** What is said of a message that is here; nothing happens where it is not for its sender to say, or no news. */
  async carryOut(work: Work, target: MessageRow, change: Change): Promise<void> {
    const next = structuredClone(target);
    if (apply(next, change)) await this.keep(work, next);
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
    if (target && !target.removed) return { ref, to, ...quoteOf(target) };
    const who = group ? resource(to) : this.helpers.nameOf(bare(to || chat));
    const own = group ? who === this.chats.get(chat)?.group?.nick : this.core.fromSelf(to || chat);
    return { ref, to, who, ...(own && { own }), text: "" };
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
    const earlier = upTo ? await this.core.store.stretch(chat, row, "older", MARKED) : [];
    for (const stored of [row, ...earlier]) {
      const one = work.messages.get(stored.id) ?? stored;
      if (!one.own || !one.state || ORDER.indexOf(one.state) >= ORDER.indexOf(state)) continue;
      // What has not left cannot have been read, whatever came after it.
      if (stored !== row && (one.state === "failed" || one.state === "waiting")) continue;
      const next = { ...one, state };
      work.put(next);
      // It may be told before the box has acknowledged it.
      if (one.state === "waiting") this.helpers.arrived(one.id, work);
      this.chats.arrived(work, next, false);
    }
  }
}
