import { deviceCode, parseCode, trustCode, type Code } from "./code.ts";
import { keyOfTarget, type Context, type Self, type Target, type Wire } from "./context.ts";
import { Directory } from "./directory.ts";
import { isFor } from "./envelope.ts";
import { Errands } from "./errands.ts";
import {
  Incoming,
  type Consequences,
  type Decrypted,
  type DecryptOptions,
  type Undecrypted,
} from "./incoming.ts";
import { Keys, type KeyInfo } from "./keys.ts";
import {
  Outgoing,
  type Content,
  type Encrypted,
  type EncryptOptions,
  type NotEncrypted,
} from "./outgoing.ts";
import type { Sessions } from "./sessions.ts";
import { type OmemoStore, type OmemoTransaction, type Trust } from "./store.ts";
import type { Version } from "./suite.ts";
import { Unreadable } from "./unreadable.ts";
import { Upkeep } from "./upkeep.ts";
import { number, versionOf, type Element } from "./xml.ts";

const hour = 60 * 60 * 1000;
/** A broken session is replaced at most this often, however much can't be read. */
const repairEvery = hour;

/**
 * OMEMO for one account on one device: the one class that a client uses. After each connection `start`, then hand it
 * every device list and every `<encrypted/>`, and say `caughtUp` when what was missed has been read.
 */
export class Omemo<T extends OmemoTransaction = OmemoTransaction> {
  readonly #context: Context<T>;
  readonly #directory: Directory<T>;
  readonly #incoming: Incoming<T>;
  readonly #outgoing: Outgoing<T>;
  readonly #upkeep: Upkeep<T>;
  readonly #keys: Keys<T>;

  constructor(store: OmemoStore<T>, wire: Wire, self: Self) {
    const errands = new Errands((error) => self.onError?.(error));
    this.#context = { store, wire, self, errands, now: self.now ?? Date.now };
    this.#directory = new Directory(this.#context);
    this.#incoming = new Incoming(this.#context);
    this.#outgoing = new Outgoing(this.#context, this.#directory);
    this.#upkeep = new Upkeep(this.#context, this.#directory);
    this.#keys = new Keys(this.#context, this.#directory);
  }

  /** The number of this device. Throws before the first `start`, as everything here does that needs the own keys. */
  get device(): number {
    return this.#upkeep.own.id;
  }

  /** Of this device's key, as the apps show it: 64 hexadecimal digits. */
  get fingerprint(): string {
    return this.#keys.ownFingerprint(this.#upkeep.own);
  }

  /** Resolves when what is for this device can be read, while `start` still publishes; on a device that was there before, on its first `start`. */
  get known(): Promise<void> {
    return this.#upkeep.known;
  }

  /**
   * After every connection: makes this device on the first run, and puts right what is published. Until `caughtUp`
   * nothing else is sent of the library's own accord. Rejects as the wire does; then nothing is lost, and it can be called again.
   */
  async start(): Promise<void> {
    this.#context.errands.hold();
    this.#directory.forget();
    await this.#upkeep.start();
  }

  /** What was missed has been read: prekeys used long ago go, and what is due is sent. */
  caughtUp(): void {
    this.#upkeep.settle();
    this.#context.errands.release();
  }

  /** Resolves when what the library does of its own accord is done, or waits for a connection. */
  settled(): Promise<void> {
    return this.#context.errands.settled();
  }

  /** A list came: `list` is the newest item's payload, undefined when it was retracted or deleted. */
  async onDeviceList(jid: string, version: Version, list: Element | undefined): Promise<void> {
    await this.#directory.update(jid, version, list);
    if (jid !== this.#context.self.jid) return;
    this.#context.errands.add(`list/${version}`, () => this.#upkeep.checkList(version));
  }

  /**
   * Encrypts once for all devices of these people and the other ones of this account. What can't be is said, not thrown.
   */
  async encrypt(
    recipients: readonly string[],
    content: Content,
    options: EncryptOptions<T> = {},
  ): Promise<Encrypted | NotEncrypted> {
    this.#upkeep.rotateWhenDue();
    return this.#outgoing.encrypt(recipients, content, options);
  }

  /** Reads an `<encrypted/>`; `from` is the bare address of the person who wrote it, in groups too. */
  async decrypt(
    encrypted: Element,
    from: string,
    options: DecryptOptions<T> = {},
  ): Promise<Decrypted | Undecrypted> {
    const { own } = this.#upkeep;
    const device = number(encrypted.getChild("header") ?? encrypted, "sid");
    const version = versionOf(encrypted);
    const target = device !== undefined && version ? { jid: from, device, version } : undefined;
    try {
      const { result, consequences } = await this.#incoming.decrypt(encrypted, from, own, options);
      this.#follow(result, consequences, options.group !== undefined);
      return result;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      if (target) this.#mend(target, error);
      const { reason, message: detail } = error;
      return { kind: "unreadable", reason, detail, ...(device !== undefined && { device }) };
    }
  }

  /** The `<encrypted/>` of a message that is for this device, else the first one; undefined when it is not encrypted. */
  pick(message: Element): Element | undefined {
    const found = message.getChildren("encrypted").filter((child) => versionOf(child) !== undefined);
    const own = { jid: this.#context.self.jid, device: this.device };
    return found.find((child) => isFor(child, own)) ?? found[0];
  }

  /** The keys of a person, those of devices not written to yet too. */
  keys(jid: string): Promise<readonly KeyInfo[]> {
    return this.#keys.of(jid, this.#upkeep.own);
  }

  /** A person's decision about a key. */
  setTrust(jid: string, fingerprint: string, trust: Trust): Promise<void> {
    return this.#keys.decide(jid, fingerprint, trust);
  }

  /** What a scanned code says becomes so; undefined when it is none. `conflicts` are keys that it contradicts: they are asked about. */
  async verify(uri: string): Promise<{ code: Code; conflicts: readonly KeyInfo[] } | undefined> {
    const code = parseCode(uri);
    return code && { code, conflicts: await this.#keys.apply(code, this.#upkeep.own) };
  }

  /** The code that shows this account's keys to who scans it: this device's, and those that it has verified. */
  async code(form: "devices" | "trust-message" = "devices"): Promise<string> {
    const keys = (await this.keys(this.#context.self.jid)).filter(({ trust }) => trust === "verified");
    const code = { jid: this.#context.self.jid, keys, refused: [] };
    return form === "devices" ? deviceCode(code) : trustCode(code);
  }

  /** Replaces the sessions with a person's devices, or with one of them: what a person may do when messages stay unreadable. */
  async renew(jid: string, device?: number): Promise<void> {
    for (const target of await this.#directory.targets(jid)) {
      if (jid === this.#context.self.jid && target.device === this.device) continue;
      if (device !== undefined && target.device !== device) continue;
      const message = await this.#renewed(target, (sessions) => sessions);
      if (message) await this.#context.wire.send(message);
    }
  }

  /** Takes other devices of this account off its lists, and their bundles away. */
  forget(devices: readonly number[]): Promise<void> {
    return this.#upkeep.remove(devices.filter((device) => device !== this.device));
  }

  #follow(result: Decrypted, { preKeyUsed, due }: Consequences, group: boolean): void {
    const { errands, self } = this.#context;
    const target: Target = { jid: result.jid, device: result.device, version: result.version };
    const key = keyOfTarget(target);
    errands.drop(`repair/${key}`);
    if (preKeyUsed) this.#upkeep.refreshBundle(result.version);
    const may = self.mayAnswer?.(result.jid) !== false;
    // To ask is to answer too: a stranger's server would see it. In a group all see each other.
    if ((may || group) && !this.#directory.knows(target))
      errands.add(`lists/${result.jid}`, () => this.#directory.recheck(result.jid));
    if (due === "nothing" || !may) return;
    const still = due === "answer" ? stillDue : (sessions: Sessions) => sessions;
    this.#sendOnce(`${due}/${key}`, () => this.#outgoing.empty(target, undefined, still));
  }

  /** The session has moved on when its message is made: one that could not be sent is kept, and not made again. */
  #sendOnce(name: string, make: () => Promise<Element | undefined>): void {
    let message: Element | undefined;
    this.#context.errands.add(name, async () => {
      message ??= await make();
      if (message) await this.#context.wire.send(message);
    });
  }

  /**
   * A session that can't be read is replaced by a new one, which an empty message carries over. omemo:2 forbids that
   * where there is a session (XEP-0384 0.8 §8): there a person must say so (`renew`).
   */
  #mend(target: Target, { cure }: Unreadable): void {
    const { self } = this.#context;
    if (cure === "none" || (target.version === "omemo2" && cure === "renew")) return;
    if (self.mayAnswer?.(target.jid) === false) return;
    this.#sendOnce(`repair/${keyOfTarget(target)}`, async () => {
      if (!(await this.#listed(target))) return undefined;
      const now = this.#context.now();
      return this.#renewed(target, (sessions) =>
        Math.abs(now - (sessions.repairedAt ?? -repairEvery)) < repairEvery
          ? undefined
          : { ...sessions, repairedAt: now },
      );
    });
  }

  async #listed(target: Target): Promise<boolean> {
    if (!this.#directory.knows(target)) await this.#directory.recheck(target.jid);
    return this.#directory.knows(target);
  }

  async #renewed(
    target: Target,
    still: (sessions: Sessions) => Sessions | undefined,
  ): Promise<Element | undefined> {
    const bundle = await this.#directory.bundle(target);
    return bundle && this.#outgoing.empty(target, bundle, still);
  }
}

/** Unless something has been sent meanwhile. */
const stillDue = (sessions: Sessions): Sessions | undefined =>
  sessions.current?.answered && sessions.current.ratchet.sending ? undefined : sessions;
