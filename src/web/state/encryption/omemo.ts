import { t } from "../../i18n/index.ts";
import {
  bundleAt,
  listNode,
  Omemo,
  versions,
  type Decrypted,
  type OmemoEvent,
  type Undecrypted,
  type Version,
  type Wire,
} from "../../omemo/index.ts";
import { untold } from "../../xmpp/away.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { bare } from "../../xmpp/jid.ts";
import { clone, x, type Element } from "../../xmpp/xml.ts";
import { N } from "../../proto/ns.ts";
import * as pubsub from "../../proto/pubsub.ts";
import { payload as read, type Payload } from "../../proto/said.ts";
import { frame, payload, type Content } from "../../proto/say.ts";
import type { ChatRow } from "../../store/records.ts";
import type { Write } from "../../store/store.ts";
import type { Letter, Opened } from "../messages/letter.ts";
import type { Encryption } from "./encryption.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Members } from "../groups/members.ts";
import type { Messages } from "../messages/messages.ts";
import type { People } from "../people/people.ts";
import { Keyring, type Ring } from "./keyring.ts";
import type { Address, DeviceKey, Lock, Lockable } from "../model.ts";

interface Parts {
  readonly core: Core;
  readonly chats: Chats;
  readonly people: People;
  readonly members: Members;
  readonly messages: Messages;
}

/** What stands beside the older envelope, which carries a body alone: which message it speaks of, never what it says. */
const BESIDE = new Set<string>([N.reply, N.correct, N.fallback]);

/** End-to-end encryption of this account, on one of its own devices. */
export class Sealed implements Encryption {
  private readonly ring: Keyring;
  private readonly omemo: Omemo<Ring>;

  private constructor(private readonly parts: Parts) {
    this.ring = new Keyring(parts.core.store);
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

  event({ from, node, items }: pubsub.Event): void {
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

  lock(chat: ChatRow): { lock: Lock; lockable: Lockable } {
    const lockable = this.lockable(chat);
    if (!this.wanted(chat)) return { lock: "off", lockable };
    const trusts = chat.kind === "person" ? this.ring.trusts(chat.id) : [];
    if (trusts.includes("undecided")) return { lock: "undecided", lockable };
    return {
      lock:
        trusts.length > 0 && trusts.every((one) => one === "verified" || one === "refused")
          ? "verified"
          : "on",
      lockable,
    };
  }

  private lockable(chat: ChatRow): Lockable {
    if (chat.kind === "group") return chat.group?.closed ? "yes" : "open";
    return !chat.id.includes("/") && this.ring.hasDevices(chat.id) ? "yes" : "noApp";
  }

  wanted(chat: ChatRow): boolean | undefined {
    if (chat.lock !== undefined) return chat.lock;
    if (chat.kind === "group" || chat.id.includes("/")) return false;
    return this.parts.core.settings.encryptByDefault && this.ring.hasDevices(chat.id);
  }

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
    const group = chat.kind === "group";
    const address = { to: chat.id, group, id };
    const said = payload(content);
    const body = said.find((one) => one.is("body"))?.getText() ?? "";
    const self = this.parts.core.me.address;
    const recipients = group
      ? (await this.parts.members.readers(chat.id)).filter((one) => one !== self)
      : [chat.id];
    const elements = said.filter((one) => !one.is("body"));
    const result = await this.omemo.encrypt(
      recipients,
      { body, elements },
      group ? { group: chat.id, partial: true } : {},
    );
    if (result.kind === "refused")
      throw result.reason === "unreachable" ? result.cause : new Error(this.refusal(result));
    const message = frame(content, address);
    for (const one of elements) if (BESIDE.has(one.getNS() ?? "")) message.append(clone(one));
    // The frame says already that it is to be kept.
    for (const one of result.elements) if (!one.is("store")) message.append(one);
    message.append(x("body", {}, "This message is encrypted with OMEMO, which this app does not read."));
    await this.hold(chat);
    return message;
  }

  /** What is locked once stays so until a person says otherwise: a server that hides somebody's devices opens no chat. */
  private async hold(chat: ChatRow): Promise<void> {
    if (chat.lock === undefined) await this.parts.chats.save(chat, { lock: true });
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
    if (address !== this.parts.core.me.address) await this.hold(this.parts.chats.ensure(address));
  }

  code = (): Promise<string> => this.omemo.code();
  stop = (): Promise<void> => this.omemo.retire();
}

function opened(result: Decrypted, message: Element): Opened {
  if (result.kind === "empty") return { kind: "nothing" };
  return {
    kind: "payload",
    payload: result.content ? read(result.content) : beside(message, result.plaintext ?? ""),
    device: result.device,
  };
}

/** The older envelope's body, with what stands beside it. */
function beside(message: Element, body: string): Payload {
  const around = message.getChildElements().filter((one) => BESIDE.has(one.getNS() ?? ""));
  return read(x("message", {}, ...around.map(clone), x("body", {}, body)));
}

const isSeen = (): boolean => globalThis.document?.visibilityState === "visible";
/** A page that is looked at draws at least so often (milliseconds). */
const DRAWS = 100;

/** The page has drawn what there is. */
function drawn(): Promise<void> {
  return new Promise((resolve) => {
    if (!isSeen()) return resolve();
    requestAnimationFrame(() => setTimeout(resolve));
    // It may be hidden in this very moment.
    setTimeout(resolve, DRAWS);
  });
}

/** Lets taps and frames go first; browsers hold the timers of a page that nobody sees, which needs none of it. */
const turn = (): Promise<void> =>
  isSeen() ? new Promise((resolve) => setTimeout(resolve)) : Promise.resolve();

/** Device lists and bundles as PEP keeps them. */
function wire(stream: Core["stream"]): Wire {
  const newest = async (owner: string, node: string, ids?: string[]) =>
    (await pubsub.items(stream, node, { owner, ...(ids ? { ids } : { max: 1 }) })).at(-1)?.payload;
  return {
    fetchDevices: (jid, version) => newest(jid, listNode(version)),
    fetchBundle: (jid, device, version) => {
      const { node, item } = bundleAt(version, device);
      return newest(jid, node, version === "omemo2" ? [item] : undefined);
    },
    publishDevices: (version, list) =>
      pubsub.publish(stream, listNode(version), "current", list, { access: "open" }),
    publishBundle(version: Version, device, bundle) {
      const { node, item } = bundleAt(version, device);
      return pubsub.publish(stream, node, item, bundle, {
        access: "open",
        ...(version === "omemo2" && { max: "max" }),
      });
    },
    async deleteBundle(version, device) {
      const { node, item } = bundleAt(version, device);
      await (
        version === "omemo2" ? pubsub.retract(stream, node, item) : pubsub.removeNode(stream, node)
      ).catch(absent);
    },
    send: (message) => stream.send(message),
  };
}

/** A server that knows no such thing has none; one that is away may have. */
function none(error: unknown): undefined {
  if (error instanceof StanzaError && !untold(error)) return undefined;
  throw error;
}

function absent(error: unknown): void {
  if (!(error instanceof Error && "condition" in error && error.condition === "item-not-found")) throw error;
}
