import { t } from "../../i18n/index.ts";
import { bare, resource } from "../../xmpp/jid.ts";
import { read, type Payload } from "../../proto/said.ts";
import { receipt } from "../../proto/say.ts";
import type { Change, MessageRow } from "../../store/records.ts";
import type { Work } from "../core/work.ts";
import { arrivalOf, type Arrival, type Incoming } from "./arrival.ts";
import { apply, changeOf, refsOf } from "./changes.ts";
import { content } from "./content.ts";
import type { Keeping } from "./keeping.ts";
import type { Opened } from "./letter.ts";
import { Marks } from "./marks.ts";
import { overtaken } from "./overtaken.ts";
import { quoteOf } from "./quotes.ts";
import { arrived } from "./rows.ts";
import type { Parts } from "./surroundings.ts";

/** Reads one message after the other into a batch. */
export class Intake {
  private readonly marks: Marks;

  constructor(
    private readonly parts: Parts,
    private readonly keeping: Keeping,
  ) {
    this.marks = new Marks(parts);
  }

  async one(incoming: Incoming, work: Work): Promise<void> {
    const said = read(incoming.message);
    const arrival = arrivalOf(this.parts, incoming, said);
    if (!arrival) return;
    const { around } = this.parts;
    const { chat, group, speaker, old, at } = arrival;
    if (said.type === "error")
      return void (said.mid && (await around.failed(work, chat, said.mid, said.error!)));
    // Of a history that somebody scrolls through it asks nothing any more.
    if (said.invitation && !speaker.own) return old ? undefined : around.invited(said, at);
    if (group && said.subject !== undefined && !said.body)
      return old ? undefined : around.subject(chat, said.subject);
    await this.marks.take(arrival, said, work);
    await this.words(arrival, work);
  }

  private async words(arrival: Arrival, work: Work): Promise<void> {
    const { said, chat, speaker, group, mid, stanzaId, at } = arrival;
    if (stanzaId && (await work.find(chat, "stanzaId", stanzaId))) return;
    // A room may have given it an id of its own (XEP-0359 section 5).
    for (const name of speaker.own ? new Set([mid, said.originId]) : [])
      if (name && (await this.merge(work, arrival, name))) return;
    if (said.encrypted) {
      const letter = { said, sender: speaker.from, group: group ? chat : undefined, at };
      return this.parts.around.open(letter, async (opened) => {
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
      await this.marks.take(arrival, opened.payload, work);
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
    const mention = !speaker.own && group && this.parts.around.names(chat, payload);
    const fromRoom = group && resource(said.from) === "";
    const change = changeOf(payload, speaker, { at, fromRoom, encrypted, mention });
    if (change) return this.change(work, chat, change, group);
    if (payload.body === undefined && !payload.file) return;
    const row = arrived(this.parts.core, arrival, {
      ...content(payload),
      encrypted,
      mention,
      ...(device !== undefined && { device }),
      ...(speaker.own && this.parts.around.readByAll(chat, at) && { state: "read" as const }),
    });
    if (payload.reply) row.quote = await this.quote(work, chat, payload.reply, group);
    this.thank(arrival);
    const kept = this.parts.chats.ensure(chat);
    // Where a closed group is encrypted, it is so for all who are in it; and of two nobody goes back by himself.
    if (encrypted && (group || this.parts.core.settings.encryptByDefault)) kept.lock ??= true;
    await this.keeping.add(work, row, !arrival.old);
    this.parts.around.typing(chat, speaker.who, "active");
  }

  /** Says that it has arrived, to those who may know that we are here; of a history, nobody waits for that any more. */
  private thank({ said, chat, speaker, copied, mid, at, old }: Arrival): void {
    const past = old || this.parts.chats.settled(chat, at);
    const wanted = said.wantsReceipt && said.type === "chat" && !speaker.own && !copied && !past;
    if (wanted && mid && this.parts.around.known(chat)) this.parts.core.tell(receipt(said.from, mid));
  }

  private async notice(arrival: Arrival, text: string, work: Work): Promise<void> {
    this.list(arrival);
    await this.keeping.add(
      work,
      arrived(this.parts.core, arrival, { kind: "notice", text, encrypted: true }),
      !arrival.old,
    );
  }

  /** One quiet line for all that was said before this device was there. */
  private before(arrival: Arrival, work: Work): void {
    this.list(arrival);
    const row = arrived(this.parts.core, arrival, {
      kind: "notice",
      text: t("notice.before"),
      encrypted: true,
    });
    const line: MessageRow = { ...row, id: `before ${arrival.chat}` };
    delete line.mid;
    delete line.stanzaId;
    const chat = this.parts.chats.ensure(line.chat);
    if (arrival.group) chat.lock ??= true;
    this.keeping.meet(chat, line.own);
    work.put(line);
    this.parts.chats.arrived(work, line, false);
  }

  /** Words that cannot be read here are words all the same: the chat with somebody known is in the list. */
  private list({ chat, speaker, old }: Arrival): void {
    if (!old && (speaker.own || this.parts.around.known(chat))) this.parts.chats.ensure(chat).hidden = false;
  }

  /** One's own message comes back: from the archive, from a room, or as a copy. */
  private async merge(work: Work, { chat, stanzaId, at }: Arrival, mid: string): Promise<boolean> {
    if (this.parts.around.waits(mid)) this.parts.around.arrived(mid, work);
    const row = await work.find(chat, "mid", mid);
    if (!row?.own) return false;
    const next = structuredClone(row);
    // It stands where the archive has it, which is where all others see it.
    if (stanzaId && !row.stanzaId) {
      Object.assign(next, { stanzaId, at, seq: this.parts.core.order(stanzaId) });
      for (const after of await overtaken(this.parts.core, work, row, next))
        await this.keeping.keep(work, after);
    }
    if (next.state === "waiting" || next.state === "failed") next.state = "sent";
    delete next.problem;
    for (const change of await work.adopt(chat, refsOf(next))) apply(next, change);
    this.parts.around.arrived(row.id, work);
    await this.keeping.keep(work, next);
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
    await this.keeping.carryOut(work, target, change);
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
    const who = group ? resource(to) : this.parts.around.nameOf(bare(to || chat));
    const own = group
      ? who === this.parts.chats.get(chat)?.group?.nick
      : this.parts.core.fromSelf(to || chat);
    return { ref, to, who, ...(own && { own }), text: "" };
  }
}
