import { t } from "../../i18n/index.ts";
import { listNode, Omemo, versions, type OmemoEvent, type Undecrypted } from "../../omemo/index.ts";
import { bare } from "../../xmpp/jid.ts";
import type { Element } from "../../xmpp/xml.ts";
import type { Event } from "../../proto/pubsub.ts";
import type { Content } from "../../proto/say.ts";
import type { ChatRow } from "../../store/records.ts";
import type { Write } from "../../store/store.ts";
import type { Letter, Opened } from "../messages/letter.ts";
import type { Encryption } from "./encryption.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Members } from "../groups/members.ts";
import type { Messages } from "../messages/messages.ts";
import type { People } from "../people/people.ts";
import { contents, enveloped, opened } from "./envelope.ts";
import { Keyring, type Ring } from "./keyring.ts";
import { drawn, turn } from "./leisure.ts";
import { Locks } from "./locks.ts";
import { none, wire } from "./wire.ts";
import type { Address, DeviceKey, Lock, Lockable } from "../model.ts";

interface Parts {
  readonly core: Core;
  readonly chats: Chats;
  readonly people: People;
  readonly members: Members;
  readonly messages: Messages;
}

/** End-to-end encryption of this account, on one of its own devices. */
export class Sealed implements Encryption {
  private readonly ring: Keyring;
  private readonly locks: Locks;
  private readonly omemo: Omemo<Ring>;

  private constructor(private readonly parts: Parts) {
    this.ring = new Keyring(parts.core.store);
    this.locks = new Locks(parts, this.ring);
    this.omemo = new Omemo(this.ring, wire(parts.core.stream), {
      jid: parts.core.me.address,
      onEvent: (event) => parts.core.aside(this.met(event)),
      leisure: async () => {
        await this.listed;
        await (this.drawn ??= drawn());
        await turn();
      },
      // What could not be asked now is tried again.
      onError: (error) => parts.core.aside(Promise.reject(error)),
      mayAnswer: (jid) => jid === parts.core.me.address || parts.people.known(jid),
    });
  }

  static async open(parts: Parts): Promise<Sealed> {
    const sealed = new Sealed(parts);
    await sealed.ring.load();
    return sealed;
  }

  private listed: Promise<unknown> = Promise.resolve();
  private drawn: Promise<void> | undefined;

  start(listed: Promise<unknown>): Promise<void> {
    this.listed = listed;
    return this.omemo.start();
  }

  readable = (): Promise<void> => this.omemo.known;

  caughtUp(): void {
    this.omemo.caughtUp();
  }

  event({ from, node, items }: Event): void {
    const version = versions.find((one) => listNode(one) === node);
    if (!version) return;
    const jid = bare(from || this.parts.core.me.address);
    if (!this.concerns(jid)) return;
    const heard = this.omemo.onDeviceList(jid, version, items.at(-1)?.payload);
    this.parts.core.aside(heard.then(() => this.parts.chats.show(jid)));
  }

  /** A stranger may tell of devices as often as they like: nothing of it is kept. */
  private concerns(jid: Address): boolean {
    const { core, people, chats } = this.parts;
    const known = jid === core.me.address || people.known(jid) || chats.get(jid) !== undefined;
    return known || this.ring.hasDevices(jid) !== undefined;
  }

  lock = (chat: ChatRow): { lock: Lock; lockable: Lockable } => this.locks.lock(chat);
  wanted = (chat: ChatRow): boolean | undefined => this.locks.wanted(chat);

  async decide(chat: ChatRow): Promise<boolean> {
    if (this.wanted(chat) === undefined) await this.ask(chat.id);
    return this.wanted(chat) === true;
  }

  private async ask(jid: Address): Promise<void> {
    const net = wire(this.parts.core.stream);
    for (const version of versions) {
      const list = await net.fetchDevices(jid, version).catch(none);
      await this.omemo.onDeviceList(jid, version, list);
    }
    this.parts.chats.show(jid);
  }

  async seal(chat: ChatRow, content: Content, id: string): Promise<Element> {
    const { core, members } = this.parts;
    const group = chat.kind === "group";
    const recipients = group
      ? (await members.readers(chat.id)).filter((one) => one !== core.me.address)
      : [chat.id];
    const result = await this.omemo.encrypt(
      recipients,
      contents(content),
      group ? { group: chat.id, partial: true } : {},
    );
    if (result.kind === "refused")
      throw result.reason === "unreachable" ? result.cause : new Error(this.refusal(result));
    await this.locks.hold(chat);
    return enveloped(chat, content, id, result.elements);
  }

  private refusal(
    result:
      | { reason: "undecided"; keys: readonly { jid: string }[] }
      | { reason: "no-devices"; jids: readonly string[] },
  ): string {
    const nameOf = (jid: string) => this.parts.people.nameOf(jid);
    if (result.reason === "undecided")
      return t("error.undecided", { who: nameOf(result.keys[0]?.jid ?? "") });
    return t("error.notEncryptable", { who: result.jids.map(nameOf).join(", ") });
  }

  async open({ said, sender, group, at }: Letter, then: (opened: Opened) => Promise<Write[]>): Promise<void> {
    const store = this.parts.core.store;
    const message = said.encrypted?.element.parent;
    const element = message && this.omemo.pick(message);
    if (!element || !sender)
      return store.write(await then({ kind: "unreadable", text: t("notice.unreadable") }));
    const result = await this.omemo.decrypt(element, sender, {
      at: new Date(at),
      ...(group && { group }),
      ...(!group && { to: bare(said.to) }),
      commit: async (transaction, decrypted) => transaction.also(await then(opened(decrypted, message))),
    });
    if (result.kind === "unreadable") await store.write(await then(this.unreadable(result)));
  }

  private unreadable({ reason }: Undecrypted): Opened {
    if (reason === "duplicate" || reason === "own-device") return { kind: "nothing" };
    return reason === "from-before"
      ? { kind: "before" }
      : { kind: "unreadable", text: t("notice.unreadable") };
  }

  /** Somebody writes from a device that was not known: said once, where it matters. */
  private async met({ jid, first }: OmemoEvent): Promise<void> {
    const { core, chats, people, messages } = this.parts;
    chats.show(jid);
    if (first || jid === core.me.address || !chats.get(jid) || !core.online) return;
    await messages.note(jid, t("notice.newDevice", { who: people.nameOf(jid) }));
  }

  async keys(address: Address): Promise<DeviceKey[]> {
    if (this.ring.hasDevices(address) === undefined) await this.ask(address);
    const keys = await this.omemo.keys(address);
    return keys
      .filter((key) => key.active || key.own || key.trust === "verified")
      .map(({ device, fingerprint, trust, own, lastSeen }) => ({
        device,
        fingerprint,
        trust,
        own,
        lastSeen,
      }));
  }

  async trust(address: Address, device: number, trust: DeviceKey["trust"]): Promise<void> {
    const key = (await this.omemo.keys(address)).find((one) => one.device === device);
    if (key) await this.omemo.setTrust(address, key.fingerprint, trust);
    if (trust === "verified") await this.verified(address);
    this.parts.chats.show(address);
  }

  async verify(uri: string): Promise<Address> {
    const verified = await this.omemo.verify(uri);
    if (!verified) throw new Error(t("error.code"));
    await this.verified(verified.code.jid);
    return verified.code.jid;
  }

  private async verified(address: Address): Promise<void> {
    if (address !== this.parts.core.me.address) await this.locks.hold(this.parts.chats.ensure(address));
  }

  code = (): Promise<string> => this.omemo.code();
}
