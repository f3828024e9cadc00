import { cut } from "../../i18n/letters.ts";
import { t } from "../../i18n/index.ts";
import { called } from "../../i18n/names.ts";
import { bare, domain, resource, valid } from "../../xmpp/jid.ts";
import { info } from "../../proto/disco.ts";
import * as muc from "../../proto/muc.ts";
import type { Said } from "../../proto/said.ts";
import type { ChatRow } from "../../store/records.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Groups } from "../groups/groups.ts";
import type { Address, Preview } from "../model.ts";
import type { People } from "../people/people.ts";

/** Of each kind that wait; more than these are made to annoy. */
const MOST = 20;

/** What waits for a yes or a no: strangers who write, who want to be contacts, and who ask us into a group. */
export class Requests {
  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
    private readonly people: People,
    private readonly groups: Groups,
  ) {}

  /** Somebody has asked us into a group: entered only when the person says so. */
  async invited(said: Said, at: number): Promise<void> {
    const { password, by } = said.invitation!;
    const room = bare(said.invitation!.room);
    if (!valid(room) || !this.isNews(room, at)) return;
    const name = await this.describe(room, bare(said.from));
    // Meanwhile they may have gone in by themselves, here or on another device.
    if (name === undefined || !this.isNews(room, at)) return;
    const inviter = by ?? bare(said.from);
    const who = bare(inviter) === room ? resource(inviter) : this.people.nameOf(bare(inviter));
    const row = this.chats.ensure(room, "group");
    await this.chats.save(row, {
      request: true,
      hidden: false,
      at: this.core.now(),
      ...(said.marked && { lock: true }),
      name: row.name ?? name,
      group: {
        nick: this.core.me.name,
        closed: false,
        inviter,
        mediated: by !== undefined,
        ...(password !== undefined && { password }),
      },
      preview: notice(t("notice.invited", { who: cut(who, 100) })),
    });
  }

  /** Whether an invitation of that time says anything new. */
  private isNews(room: Address, at: number): boolean {
    const known = this.chats.get(room);
    if ((known && !known.request && !known.hidden) || this.people.known(room)) return false;
    if (known?.kind === "person" || at <= (known?.left ?? 0)) return false;
    return room !== this.core.me.address && !this.full("group");
  }

  /**
   * What a group is called; undefined: it is none, whatever somebody says. Who is asked learns that we are here: a stranger
   * who names a server of theirs does not, until the person says yes.
   */
  private async describe(room: Address, from: Address): Promise<string | undefined> {
    if (!this.people.known(from) && !this.atHome(room)) return called(room);
    const found = await info(this.core.stream, room).catch(() => undefined);
    const conference = found?.identities.find((one) => one.category === "conference");
    return conference && (cut(conference.name, 100) || called(room));
  }

  private atHome(address: Address): boolean {
    return `.${domain(address)}`.endsWith(`.${this.core.domain}`);
  }

  /** Something has changed with a person: they ask to be a contact, have taken it back, or are one now. */
  async person(address: Address): Promise<void> {
    const row = this.chats.get(address);
    if (this.people.asks(address) && !this.people.blocked(address))
      return row && !row.hidden ? undefined : this.asked(address);
    if (!row?.request || row.kind === "group") return;
    if (this.people.blocked(address)) return this.chats.save(row, { hidden: true });
    if (this.people.known(address)) await this.chats.save(row, { request: false });
    // Who had nothing to say but that.
    else if (row.preview?.message === "") await this.chats.save(row, { hidden: true });
  }

  /** The same for all that wait, after what this device has missed. */
  async review(): Promise<void> {
    for (const row of [...this.chats.all()]) if (row.request) await this.person(row.id);
  }

  private async asked(address: Address): Promise<void> {
    if (this.full("person")) return;
    const row = this.chats.ensure(address);
    await this.chats.save(row, {
      request: true,
      hidden: false,
      at: this.core.now(),
      preview: notice(t("notice.asks", { who: this.people.nameOf(address) })),
    });
  }

  async accept(chat: Address): Promise<void> {
    const row = this.chats.ensure(chat);
    if (row.kind === "group") await this.groups.join(chat, row.group?.password);
    else await this.people.add(chat);
    await this.chats.save(row, { request: false });
  }

  /** A no that blocks nobody: who asked for something that has an answer gets it; words are left without one. */
  async decline(chat: Address): Promise<void> {
    await this.people.refuse(chat);
    const row = this.chats.get(chat);
    if (!row?.request) return;
    // It stays a request: if they write once more, it is one again.
    await this.chats.save(row, { hidden: true, left: this.core.now() });
    // Who invites directly hears nothing of it (XEP-0249).
    const { mediated, inviter } = row.group ?? {};
    if (mediated && inviter) await this.core.stream.send(muc.decline(chat, inviter));
  }

  private full(kind: ChatRow["kind"]): boolean {
    const waiting = [...this.chats.all()].filter((row) => row.request && !row.hidden && row.kind === kind);
    return waiting.length >= MOST;
  }
}

const notice = (text: string): Preview => ({ message: "", who: "", own: false, text, kind: "notice" });
