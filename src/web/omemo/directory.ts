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

/** A message of a device that is on no list makes us look at the list this often at most. */
const recheckEvery = hour / 6;

/** Which devices people have, and what they published. */
export class Directory<T extends OmemoTransaction> {
  readonly #context: Context<T>;
  /** What is in the store, as far as it has been looked at. */
  readonly #lists = new Map<string, DeviceList>();
  /** When a list was last sent to us or fetched. */
  readonly #freshAt = new Map<string, number>();
  readonly #missingAt = new Map<string, number>();
  readonly #recheckedAt = new Map<string, number>();

  constructor(context: Context<T>) {
    this.#context = context;
  }

  /** After a new connection what was heard on the last one counts no more. */
  forget(): void {
    for (const heard of [this.#freshAt, this.#missingAt, this.#recheckedAt]) heard.clear();
  }

  async update(jid: string, version: Version, element: Element | undefined): Promise<DeviceList> {
    const key = `${jid}/${version}`;
    const list = parseList(version, element);
    if (!same(await this.#stored(key), list))
      await this.#context.store.run((transaction) => transaction.put("lists", key, list));
    this.#lists.set(key, list);
    this.#freshAt.set(key, this.#context.now());
    for (const bundle of this.#missingAt.keys())
      if (bundle.startsWith(`${jid}/`)) this.#missingAt.delete(bundle);
    return list;
  }

  async fetch(jid: string, version: Version): Promise<DeviceList> {
    return this.update(jid, version, await this.#context.wire.fetchDevices(jid, version));
  }

  /** The list as we know it, fetched when that is long ago. Without a connection an old one must do; throws without any. */
  async list(jid: string, version: Version): Promise<DeviceList> {
    const key = `${jid}/${version}`;
    const known = await this.#stored(key);
    const freshAt = this.#freshAt.get(key);
    if (known && freshAt !== undefined && this.#context.now() - freshAt < freshFor) return known;
    try {
      return await this.fetch(jid, version);
    } catch (error) {
      if (known) return known;
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

  /** Everybody's devices, each in one version: axolotl where it has it. */
  async targets(jid: string): Promise<readonly Target[]> {
    const lists = await Promise.all(versions.map((version) => this.list(jid, version)));
    const targets = new Map<number, Target>();
    versions.forEach((version, i) => {
      for (const { id } of lists[i]!.devices)
        if (!targets.has(id)) targets.set(id, { jid, device: id, version });
    });
    return [...targets.values()];
  }

  /** What a device published; undefined when it is not there, damaged, or can't be had now. */
  async bundle(target: Target): Promise<Bundle | undefined> {
    const key = keyOfTarget(target);
    const missingAt = this.#missingAt.get(key);
    if (missingAt !== undefined && this.#context.now() - missingAt < missingFor) return undefined;
    const { jid, device, version } = target;
    const element = await this.#context.wire.fetchBundle(jid, device, version);
    const bundle = element && parseBundle(version, element);
    if (!bundle) this.#missingAt.set(key, this.#context.now());
    return bundle;
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
