import {
  MemoryStore,
  Omemo,
  versions,
  type OmemoEvent,
  type Self,
  type Version,
  type Wire,
} from "../../omemo/index.ts";
import { parse, x, type Element } from "../../xmpp/xml.ts";

/** A network without a server: what is published can be fetched, what is sent waits until it is delivered. */
export class World {
  readonly lists = new Map<string, Element>();
  readonly bundles = new Map<string, Element>();
  /** Messages sent of the library's own accord, oldest first. */
  readonly sent: { from: string; message: Element }[] = [];
  readonly devices: Device[] = [];
  now = Date.UTC(2026, 0, 1);
  /** Whether nobody can reach the network. */
  offline = false;
  /** Whose server answers nobody. */
  away: string | undefined;
  /** Questions for bundles, and for lists. */
  fetched = 0;
  asked = 0;

  /** A device that has started and caught up; the account's others hear of it. */
  async device(jid: string, label?: string): Promise<Device> {
    const device = new Device(this, jid, label);
    this.devices.push(device);
    await device.start();
    for (const version of versions) {
      const list = this.list(jid, version);
      for (const other of this.devices)
        if (other.jid === jid) await other.omemo.onDeviceList(jid, version, list);
    }
    return device;
  }

  /** Tells every device of a list, as PEP does. */
  async notify(jid: string, version: Version): Promise<void> {
    for (const { omemo } of this.devices) await omemo.onDeviceList(jid, version, this.list(jid, version));
  }

  list(jid: string, version: Version): Element | undefined {
    return copy(this.lists.get(`${jid}/${version}`));
  }

  /** Delivers all that is waiting, until nothing is. Returns how many there were. */
  async deliver(): Promise<number> {
    let count = 0;
    for (;;) {
      for (const { omemo } of this.devices) await omemo.settled();
      const next = this.sent.shift();
      if (!next) return count;
      count++;
      for (const device of this.devices) await device.receive(next.message, next.from);
    }
  }

  wire(jid: string): Wire {
    const online = <R>(work: () => R): Promise<R> =>
      this.offline ? Promise.reject(new Error("no connection")) : Promise.resolve().then(work);
    return {
      fetchDevices: (of, version) =>
        online(() => {
          this.asked++;
          if (of === this.away)
            throw Object.assign(new Error("away"), { condition: "remote-server-timeout" });
          return this.list(of, version);
        }),
      fetchBundle: (of, device, version) =>
        online(() => {
          this.fetched++;
          return copy(this.bundles.get(`${of}/${String(device)}/${version}`));
        }),
      publishDevices: (version, list) =>
        online(() => {
          this.lists.set(`${jid}/${version}`, list);
        }),
      publishBundle: (version, device, bundle) =>
        online(() => {
          this.bundles.set(`${jid}/${String(device)}/${version}`, bundle);
        }),
      deleteBundle: (version, device) =>
        online(() => {
          this.bundles.delete(`${jid}/${String(device)}/${version}`);
        }),
      send: (message) =>
        online(() => {
          this.sent.push({ from: jid, message: copy(message)! });
        }),
    };
  }
}

const copy = (element: Element | undefined): Element | undefined => element && parse(element.toString());

/** One device of a person in a world. */
export class Device {
  readonly store = new MemoryStore();
  readonly events: OmemoEvent[] = [];
  readonly errors: unknown[] = [];
  readonly jid: string;
  omemo: Omemo;
  /** Whose messages were unreadable, and why. */
  readonly unreadable: string[] = [];

  constructor(
    readonly world: World,
    jid: string,
    readonly label?: string,
  ) {
    this.jid = jid;
    this.omemo = this.make();
  }

  async start(): Promise<void> {
    await this.omemo.start();
    this.omemo.caughtUp();
    await this.omemo.settled();
  }

  /** The same device after its page was closed and opened again. */
  async reload(): Promise<void> {
    this.omemo = this.make();
    await this.start();
  }

  /** A message for these people; fails when it can't be encrypted. */
  async say(to: string | readonly string[], body: string, group?: string): Promise<Element> {
    const jids = typeof to === "string" ? [to] : to;
    const result = await this.omemo.encrypt(jids, { body }, { ...(group !== undefined && { group }) });
    if (result.kind !== "encrypted") throw new Error(`${result.reason} ${JSON.stringify(result)}`);
    return copy(x("message", { to: group ?? jids[0] }, ...result.elements))!;
  }

  /** The text of a message, or why there is none. */
  async read(message: Element, from: string, group?: string): Promise<string> {
    const encrypted = this.omemo.pick(copy(message)!);
    if (!encrypted) throw new Error("not encrypted");
    const result = await this.omemo.decrypt(encrypted, from, { ...(group !== undefined && { group }) });
    if (result.kind === "unreadable") return `(${result.reason})`;
    return result.kind === "empty" ? "(empty)" : result.plaintext!;
  }

  /** What the library sent of its own accord comes to everybody it is for. */
  async receive(message: Element, from: string): Promise<void> {
    if (message.attrs["to"] !== this.jid && from !== this.jid) return;
    const text = await this.read(message, from);
    if (!["(empty)", "(not-for-this-device)", "(own-device)"].includes(text)) this.unreadable.push(text);
  }

  make(more: Partial<Self> = {}): Omemo {
    return new Omemo(this.store, this.world.wire(this.jid), {
      jid: this.jid,
      ...(this.label !== undefined && { label: this.label }),
      now: () => this.world.now,
      onEvent: (event) => this.events.push(event),
      onError: (error) => this.errors.push(error),
      ...more,
    });
  }
}
