import { cut } from "../../i18n/letters.ts";
import { called } from "../../i18n/names.ts";
import { bare, local } from "../../xmpp/jid.ts";
import { x, type Element } from "../../xmpp/xml.ts";
import * as account from "../../proto/account.ts";
import * as avatars from "../../proto/avatars.ts";
import { N } from "../../proto/ns.ts";
import type { Event } from "../../proto/pubsub.ts";
import * as rosters from "../../proto/roster.ts";
import type { PersonRow } from "../../store/records.ts";
import { put, remove, type Write } from "../../store/store.ts";
import type { Core } from "../core/core.ts";
import { Presences } from "./presences.ts";
import type { Address, Person } from "../model.ts";

/** Strangers who want to be contacts; more than these are made to annoy, and are told anew when some are answered. */
const WAITING = 50;

/** Contacts and circles: who they are, and what they are called. */
export class People {
  private readonly rows = new Map<Address, PersonRow>();
  readonly presences: Presences;
  private readonly blockedOnes = new Set<Address>();
  /** Told when a person's name, picture or standing changes. */
  onChange: (address: Address) => void = () => undefined;
  /** Whether there is a chat with somebody. */
  talks: (address: Address) => boolean = () => false;

  constructor(private readonly core: Core) {
    this.presences = new Presences(core);
  }

  async load(): Promise<void> {
    for (const row of await this.core.store.all<PersonRow>("people")) this.rows.set(row.id, row);
    for (const address of (await this.core.store.get<{ list: string[] }>("kv", "blocked"))?.list ?? [])
      this.blockedOnes.add(address);
  }

  views(): Person[] {
    const all = new Set([...this.rows.keys(), ...this.blockedOnes]);
    return [...all]
      .map((address) => this.row(address))
      .filter((row) => this.listed(row))
      .map((row) => this.view(row));
  }

  nameOf(address: Address): string {
    const row = this.rows.get(address);
    // The box names those of a circle by their address until the person here does: that is no name of anybody's choice.
    const chosen = row?.name?.toLowerCase() === local(address) ? undefined : row?.name;
    return chosen || this.ownName(address);
  }

  /** What they call themselves: that can be said where others read it, too. */
  ownName(address: Address): string {
    return this.rows.get(address)?.nick || called(address);
  }

  pictureOf(address: Address): string | undefined {
    const hash = this.rows.get(address)?.picture;
    return hash ? `${address}/${hash}` : undefined;
  }

  known(address: Address): boolean {
    const row = this.rows.get(address);
    return row !== undefined && (row.subscription !== "none" || row.ask || row.groups.length > 0);
  }

  asks(address: Address): boolean {
    return this.rows.get(address)?.asks === true;
  }

  subscribed(address: Address): boolean {
    const subscription = this.rows.get(address)?.subscription;
    return subscription === "both" || subscription === "to";
  }

  blocked(address: Address): boolean {
    return this.blockedOnes.has(address);
  }

  groupsOf(address: Address): string[] {
    return this.rows.get(address)?.groups ?? [];
  }

  // ---- from the box ----

  /** The contact list, whole or what changed since (RFC 6121 section 2.6). */
  async sync(): Promise<void> {
    const version = (await this.core.store.get<{ version: string }>("kv", "roster"))?.version;
    const [roster, blocked] = await Promise.all([
      rosters.roster(this.core.stream, version),
      account.blocked(this.core.stream),
    ]);
    const writes: Write[] = [];
    if (roster.items) {
      const listed = new Set(roster.items.map((item) => item.address));
      for (const row of [...this.rows.values()])
        if (!listed.has(row.id) && row.subscription !== "none") writes.push(this.forget(row.id));
      for (const item of roster.items) writes.push(this.adopt(item));
      if (roster.version !== undefined) writes.push(put("kv", { id: "roster", version: roster.version }));
    }
    this.setBlocked(blocked);
    await this.core.store.write(writes);
    this.core.emit({ people: this.views() });
  }

  /** A roster push; `undefined` to answer with a plain result. */
  push(iq: Element): undefined {
    const query = iq.getChild("query", N.roster);
    if (!query || !this.core.fromSelf(iq.attrs.from)) return undefined;
    const { version, items } = rosters.read(query);
    const writes = items.map((item) =>
      item.subscription === "remove" ? this.forget(item.address) : this.adopt(item),
    );
    if (version !== undefined) writes.push(put("kv", { id: "roster", version }));
    void this.core.store.write(writes);
    for (const item of items) this.changed(item.address);
    return undefined;
  }

  private adopt(item: rosters.RosterItem): Write {
    const old = this.rows.get(item.address);
    const row: PersonRow = {
      id: item.address,
      groups: item.groups,
      subscription: item.subscription === "remove" ? "none" : item.subscription,
      ask: item.ask,
      asks: old?.asks === true && item.subscription !== "both" && item.subscription !== "from",
      ...(item.name && { name: item.name }),
      ...(old?.nick && { nick: old.nick }),
      ...(old?.picture && { picture: old.picture }),
    };
    this.rows.set(row.id, row);
    return put("people", row);
  }

  private forget(address: Address): Write {
    this.rows.delete(address);
    this.presences.forget(address);
    return remove("people", address);
  }

  /** Presence of a person: there or not, and what they ask. */
  take(stanza: Element): void {
    const from = stanza.attrs.from ?? "";
    const address = bare(from);
    const { type } = stanza.attrs;
    if (address === this.core.me.address) return;
    if (type === "subscribe" || type === "unsubscribe")
      return this.asked(address, type === "subscribe", nickOf(stanza.getChild("nick", N.nick)));
    if ((type === undefined || type === "unavailable") && this.rows.has(address)) this.presences.take(stanza);
  }

  private asked(address: Address, asks: boolean, nick?: string): void {
    if (asks && this.subscribed(address)) {
      this.core.tell(x("presence", { to: address, type: "subscribed" }));
      return;
    }
    const known = this.rows.get(address);
    if (!asks && !known) return;
    if (asks && !known && [...this.rows.values()].filter((row) => row.asks).length >= WAITING) return;
    this.describe(address, { asks, ...(nick && !known?.nick && { nick }) });
  }

  /** Avatars and names by PEP. */
  event({ from, node, items }: Event): void {
    const address = bare(from);
    const item = items[0];
    // A stranger may send what they like, and gets no row for it.
    if (!item || !(this.rows.has(address) || this.talks(address) || address === this.core.me.address)) return;
    if (node === N.nick) this.describe(address, { nick: nickOf(item.payload) });
    if (node === N.avatarMetadata) this.describe(address, { picture: avatars.hashOf(item) });
  }

  private describe(address: Address, change: Partial<PersonRow>): void {
    if (address === this.core.me.address) {
      if (change.nick) this.core.setMe({ name: change.nick });
      if (change.picture !== undefined)
        this.core.setMe({ picture: change.picture && `${address}/${change.picture}` });
      return;
    }
    const row = Object.assign(this.row(address), change);
    this.rows.set(address, row);
    void this.core.store.write([put("people", row)]);
    this.changed(address);
  }

  private changed(address: Address): void {
    const row = this.row(address);
    this.core.emit(this.listed(row) ? { people: [this.view(row)] } : { strangers: [address] });
    this.onChange(address);
  }

  // ---- for the person at the screen ----

  async add(address: Address, name?: string): Promise<void> {
    await rosters.setItem(
      this.core.stream,
      address,
      name ?? this.rows.get(address)?.name,
      this.groupsOf(address),
    );
    await this.core.stream.send(x("presence", { to: address, type: "subscribed" }));
    if (!this.subscribed(address))
      await this.core.stream.send(x("presence", { to: address, type: "subscribe" }));
  }

  async rename(address: Address, name: string): Promise<void> {
    await rosters.setItem(this.core.stream, address, name || undefined, this.groupsOf(address));
  }

  async remove(address: Address): Promise<void> {
    await this.refuse(address);
    if (this.known(address)) await rosters.removeItem(this.core.stream, address);
  }

  /** No to who wants to be a contact. */
  async refuse(address: Address): Promise<void> {
    if (!this.asks(address)) return;
    await this.core.stream.send(x("presence", { to: address, type: "unsubscribed" }));
    this.asked(address, false);
  }

  async block(address: Address, on: boolean, report?: { spam: boolean; text?: string }): Promise<void> {
    await account.block(this.core.stream, address, on, report);
    this.setBlocked(
      on ? [...this.blockedOnes, address] : [...this.blockedOnes].filter((one) => one !== address),
    );
  }

  /** A push of the block list (XEP-0191 section 3.3). */
  blockPush(iq: Element): undefined {
    const block = iq.getChild("block", N.blocking);
    const unblock = iq.getChild("unblock", N.blocking);
    if (!this.core.fromSelf(iq.attrs.from)) return undefined;
    if (block) this.setBlocked([...this.blockedOnes, ...account.addresses(block)]);
    const freed = unblock && account.addresses(unblock);
    if (freed)
      this.setBlocked(freed.length === 0 ? [] : [...this.blockedOnes].filter((one) => !freed.includes(one)));
    return undefined;
  }

  private setBlocked(list: readonly string[]): void {
    const changed = new Set([...list, ...this.blockedOnes]);
    this.blockedOnes.clear();
    for (const address of list) this.blockedOnes.add(address);
    void this.core.store.write([put("kv", { id: "blocked", list: [...this.blockedOnes] })]);
    for (const address of changed) this.changed(address);
  }

  private row(address: Address): PersonRow {
    const nobody = { id: address, groups: [], subscription: "none" as const, ask: false, asks: false };
    return this.rows.get(address) ?? nobody;
  }

  private listed(row: PersonRow): boolean {
    return this.known(row.id) || row.asks || this.blockedOnes.has(row.id);
  }

  private view(row: PersonRow): Person {
    const picture = this.pictureOf(row.id);
    const mutual = row.subscription === "both" || row.subscription === "to";
    return {
      address: row.id,
      name: this.nameOf(row.id),
      circles: row.groups,
      contact: mutual
        ? "mutual"
        : row.asks
          ? "asks"
          : row.ask || row.subscription === "from"
            ? "asked"
            : "none",
      blocked: this.blockedOnes.has(row.id),
      ...(picture && { picture }),
    };
  }
}

const nickOf = (element: Element | undefined): string => cut(element?.getText().trim() ?? "", 100);
