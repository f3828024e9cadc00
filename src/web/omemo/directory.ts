import { parseBundle, parseList } from "./bundle.ts";
import { keyOfTarget, type Context, type Target } from "./context.ts";
import type { Bundle } from "./session.ts";
import type { DeviceList, OmemoTransaction } from "./store.ts";
import { versions, type Version } from "./suite.ts";
import type { Element } from "./xml.ts";

const hour = 60 * 60 * 1000;
/** A list that nobody sends us is asked for again after this long. */
const freshFor = 6 * hour;
/** A bundle that was not there is asked for again after this long, or when its owner's list changes. */
const missingFor = hour / 6;
/** What was refused, after this long. */
const refusedFor = hour / 60;

/** A message of a device that is on no list makes us look at the list this often at most. */
const recheckEvery = hour / 6;

/** A question that could not be asked, or was refused: there is no connection, or the other's server is away. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
  /** What the wire rejected with. */
  override readonly cause: Error;

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : "could not be asked");
    this.cause = cause instanceof Error ? cause : this;
  }
}

/** Which devices people have, and what they published. Its questions reject with `Unreachable`. */
export class Directory<T extends OmemoTransaction> {
  readonly #context: Context<T>;
  /** What is in the store, as far as it has been looked at. */
  readonly #lists = new Map<string, DeviceList>();
  /** When a list was last sent to us or fetched. */
  readonly #freshAt = new Map<string, number>();
  readonly #missingAt = new Map<string, number>();
  /** Refusals by list and bundle: they are not asked for at every message. */
  readonly #failedAt = new Map<string, { at: number; failure: Unreachable }>();
  readonly #recheckedAt = new Map<string, number>();

  constructor(context: Context<T>) {
    this.#context = context;
  }

  /** After a new connection what was heard on the last one counts no more. */
  forget(): void {
    for (const heard of [this.#freshAt, this.#missingAt, this.#failedAt, this.#recheckedAt]) heard.clear();
  }

  async update(jid: string, version: Version, element: Element | undefined): Promise<DeviceList> {
    const key = `${jid}/${version}`;
    const list = parseList(version, element);
    if (!same(await this.#stored(key), list))
      await this.#context.store.run((transaction) => transaction.put("lists", key, list));
    this.#lists.set(key, list);
    this.#freshAt.set(key, this.#context.now());
    for (const heard of [this.#missingAt, this.#failedAt])
      for (const asked of heard.keys()) if (asked.startsWith(`${jid}/`)) heard.delete(asked);
    return list;
  }

  async fetch(jid: string, version: Version): Promise<DeviceList> {
    const element = await this.#ask(`${jid}/${version}`, () => this.#context.wire.fetchDevices(jid, version));
    return this.update(jid, version, element);
  }

  /** The list as we know it, fetched when that is long ago. Without a connection an old one must do; throws without any. */
  async list(jid: string, version: Version): Promise<DeviceList> {
    const key = `${jid}/${version}`;
    const known = await this.#stored(key);
    const freshAt = this.#freshAt.get(key);
    if (known && freshAt !== undefined && this.#context.now() - freshAt < freshFor) return known;
    try {
      this.#remember(key);
      return await this.fetch(jid, version);
    } catch (error) {
      if (known && error instanceof Unreachable) return known;
      throw error;
    }
  }

  /** Whether a device is on its list, as far as that has been looked at. */
  knows({ jid, device, version }: Target): boolean {
    return this.#lists.get(`${jid}/${version}`)?.devices.some(({ id }) => id === device) ?? false;
  }

  /** Looks whether the lists have changed (XEP-0384 0.8 §6: a message of a device that is not on its list). */
  async recheck(jid: string): Promise<void> {
    const at = this.#recheckedAt.get(jid);
    if (at !== undefined && this.#context.now() - at < recheckEvery) return;
    await Promise.all(versions.map((version) => this.fetch(jid, version)));
    this.#recheckedAt.set(jid, this.#context.now());
  }

  /** A person's devices, each in one version: axolotl where it has it. One list is enough where the other can't be had. */
  async targets(jid: string): Promise<readonly Target[]> {
    const lists = await Promise.allSettled(versions.map((version) => this.list(jid, version)));
    const targets = new Map<number, Target>();
    for (const [i, list] of lists.entries()) {
      if (list.status === "rejected") continue;
      for (const { id } of list.value.devices)
        if (!targets.has(id)) targets.set(id, { jid, device: id, version: versions[i]! });
    }
    const failed = lists.find((list) => list.status === "rejected");
    if (failed && targets.size === 0) throw failed.reason;
    return [...targets.values()];
  }

  /** What a device published; undefined when it is not there, or damaged. */
  async bundle(target: Target): Promise<Bundle | undefined> {
    const key = keyOfTarget(target);
    const missingAt = this.#missingAt.get(key);
    if (missingAt !== undefined && this.#context.now() - missingAt < missingFor) return undefined;
    const { jid, device, version } = target;
    this.#remember(key);
    const element = await this.#ask(key, () => this.#context.wire.fetchBundle(jid, device, version));
    const bundle = element && parseBundle(version, element);
    if (!bundle) this.#missingAt.set(key, this.#context.now());
    return bundle;
  }

  async #ask<R>(key: string, question: () => Promise<R>): Promise<R> {
    try {
      return await question();
    } catch (error) {
      const failure = new Unreachable(error);
      if ("condition" in failure.cause) this.#failedAt.set(key, { at: this.#context.now(), failure });
      throw failure;
    }
  }

  /** Throws again what was thrown a moment ago. */
  #remember(key: string): void {
    const failed = this.#failedAt.get(key);
    if (failed && this.#context.now() - failed.at < refusedFor) throw failed.failure;
  }

  async #stored(key: string): Promise<DeviceList | undefined> {
    const known =
      this.#lists.get(key) ?? (await this.#context.store.run((transaction) => transaction.get("lists", key)));
    if (known) this.#lists.set(key, known);
    return known;
  }
}

const same = (a: DeviceList | undefined, b: DeviceList): boolean =>
  a?.devices.length === b.devices.length &&
  a.devices.every(({ id, label, labelSignature }, i) => {
    const other = b.devices[i]!;
    return id === other.id && label === other.label && labelSignature === other.labelSignature;
  });
