import { base64, utf8 } from "./bytes.ts";
import { buildBundle, buildList, parseBundle, sameBundle } from "./bundle.ts";
import type { Context } from "./context.ts";
import { generateKeyPair, sign, type KeyPair } from "./curve.ts";
import type { Directory } from "./directory.ts";
import { maintain, missingPreKeys, ownDevice, publishedPreKeys, rotationDue } from "./own.ts";
import type { ListedDevice, OmemoTransaction, OwnDevice } from "./store.ts";
import { versions, type Version } from "./suite.ts";
import type { Element } from "./xml.ts";

const minute = 60 * 1000;
/** How often in a minute this device puts itself back on a list that somebody else keeps taking it off. */
const insistence = 3;
/** Pairs of keys that are made without a pause. */
const atOnce = 4;

/** Keeps what this device has published as it should be. */
export class Upkeep<T extends OmemoTransaction> {
  readonly #context: Context<T>;
  readonly #directory: Directory<T>;
  /** While what was missed is being caught up with, used prekeys are kept (XEP-0384 0.8 §6). */
  #settled = false;
  #own: OwnDevice | undefined;
  #insisted: number[] = [];
  #known: () => void = () => undefined;
  /** Resolves when there is a device, of this run or an earlier one: what is for it can be read. */
  readonly known = new Promise<void>((resolve) => (this.#known = resolve));

  constructor(context: Context<T>, directory: Directory<T>) {
    this.#context = context;
    this.#directory = directory;
  }

  /** Throws before `start`. */
  get own(): OwnDevice {
    if (!this.#own) throw new Error("Omemo.start has not been awaited");
    return this.#own;
  }

  /** What was missed has been read. */
  settle(): void {
    this.#settled = true;
    this.#context.errands.add("prekeys", async () => {
      this.#own = await this.#maintain();
    });
  }

  /** Makes this device on the first run, and puts right what is published. Without a connection a later run has its keys at least. */
  async start(): Promise<void> {
    this.#settled = false;
    const { jid } = this.#context.self;
    this.#own = await this.#context.store.run((transaction) => transaction.get("own", "device"));
    const lists = await Promise.all(versions.map((version) => this.#directory.fetch(jid, version)));
    const taken = new Set(lists.flatMap(({ devices }) => devices.map(({ id }) => id)));
    if (!this.#own) await this.#leisure();
    this.#own = await this.#context.store.run((transaction) =>
      ownDevice(transaction, this.#context.now(), taken),
    );
    this.#known();
    this.#own = await this.#maintain();
    await Promise.all(
      versions.map(async (version) => {
        await this.#repairBundle(version);
        await this.checkList(version);
      }),
    );
  }

  /** Rotates, refills and publishes when it is time to. */
  rotateWhenDue(): void {
    // The first ones are about to be made.
    if (this.own.signedPreKeys.length === 0) return;
    if (!rotationDue(this.own, this.#context.now())) return;
    for (const version of versions) this.refreshBundle(version);
  }

  /** After a prekey was used. */
  refreshBundle(version: Version): void {
    this.#context.errands.add(`bundle/${version}`, async () => {
      this.#own = await this.#maintain();
      await this.#context.wire.publishBundle(version, this.own.id, await this.#bundle(version));
    });
  }

  /** This device must be on its account's list (XEP-0384 0.3.0 §4.3), under its name. */
  async checkList(version: Version): Promise<void> {
    const list = await this.#directory.list(this.#context.self.jid, version);
    const mine = this.#listed(version);
    const there = list.devices.find(({ id }) => id === mine.id);
    if (there && there.label === mine.label) return;
    const now = this.#context.now();
    this.#insisted = this.#insisted.filter((at) => now - at < minute);
    if (this.#insisted.length >= insistence * versions.length) return;
    this.#insisted.push(now);
    await this.#publish(version, [...list.devices.filter(({ id }) => id !== mine.id), mine]);
  }

  /** Takes devices of this account off its lists, and their bundles away. */
  async remove(devices: readonly number[]): Promise<void> {
    for (const version of versions) {
      const list = await this.#directory.fetch(this.#context.self.jid, version);
      const left = list.devices.filter(({ id }) => !devices.includes(id));
      if (left.length < list.devices.length) await this.#publish(version, left);
      for (const device of devices) await this.#context.wire.deleteBundle(version, device);
    }
  }

  async #publish(version: Version, devices: readonly ListedDevice[]): Promise<void> {
    const element = buildList(version, { devices });
    await this.#context.wire.publishDevices(version, element);
    await this.#directory.update(this.#context.self.jid, version, element);
  }

  async #repairBundle(version: Version): Promise<void> {
    const { wire, self } = this.#context;
    const element = await this.#bundle(version);
    const published = await wire.fetchBundle(self.jid, this.own.id, version);
    const there = published && parseBundle(version, published);
    if (!there || !sameBundle(there, parseBundle(version, element)!))
      await wire.publishBundle(version, this.own.id, element);
  }

  async #bundle(version: Version): Promise<Element> {
    const preKeys = await this.#context.store.run((transaction) => publishedPreKeys(transaction, version));
    return buildBundle(version, this.own, preKeys);
  }

  async #maintain(): Promise<OwnDevice> {
    const { store, now } = this.#context;
    const spare = await this.#pairs(await store.run(missingPreKeys));
    return store.run((transaction) => maintain(transaction, now(), this.#settled, spare));
  }

  /** Made outside of a transaction, which would not last so long. */
  async #pairs(count: number): Promise<KeyPair[]> {
    const pairs: KeyPair[] = [];
    while (pairs.length < count) {
      pairs.push(generateKeyPair());
      if (pairs.length % atOnce === 0) await this.#leisure();
    }
    return pairs;
  }

  async #leisure(): Promise<void> {
    await this.#context.self.leisure?.();
  }

  /** XEP-0384 0.8 §5.3.1: a label is worth something by its signature alone. */
  #listed(version: Version): ListedDevice {
    const { id, identity } = this.own;
    const { label } = this.#context.self;
    if (version === "axolotl" || !label) return { id };
    return { id, label, labelSignature: base64(sign(identity, utf8(label))) };
  }
}
