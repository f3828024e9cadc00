import { fromBase64, fromHex, hex, utf8 } from "./bytes.ts";
import type { Code } from "./code.ts";
import type { Context } from "./context.ts";
import { xeddsaVerify } from "./curve.ts";
import type { Directory } from "./directory.ts";
import { announce, type Notice } from "./notices.ts";
import type { KnownKey, ListedDevice, OmemoTransaction, OwnDevice, Trust } from "./store.ts";
import { decide, fingerprintOf, noteKey } from "./trust.ts";

/** A key of a person, for people to look at. */
export interface KeyInfo {
  readonly jid: string;
  readonly device: number;
  readonly fingerprint: string;
  readonly trust: Trust;
  /** Whether it is this very device's. */
  readonly own: boolean;
  /** Whether its device is on the person's list now. */
  readonly active: boolean;
  /** What its owner calls the device, when the key signed it (omemo:2). */
  readonly label?: string;
  /** Ms since 1970. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** The keys of people, and what is thought of them. */
export class Keys<T extends OmemoTransaction> {
  readonly #context: Context<T>;
  readonly #directory: Directory<T>;

  constructor(context: Context<T>, directory: Directory<T>) {
    this.#context = context;
    this.#directory = directory;
  }

  ownFingerprint({ identity }: OwnDevice): string {
    return hex(identity.montgomery.public);
  }

  async of(jid: string, own: OwnDevice): Promise<readonly KeyInfo[]> {
    await this.#meet(jid, own);
    const [known, listed] = await this.#context.store.run(async (transaction) => {
      const rows = await transaction.list("keys", `${jid}/`);
      const lists = await transaction.list("lists", `${jid}/`);
      return [rows.map(([, row]) => row), lists.flatMap(([, { devices }]) => devices)] as const;
    });
    const infos = known.flatMap((key) =>
      key.device === undefined ? [] : [info(jid, key, key.device, listed)],
    );
    return jid === this.#context.self.jid ? [this.#ownKey(own), ...infos] : infos;
  }

  async decide(jid: string, fingerprint: string, trust: Trust): Promise<void> {
    const now = this.#context.now();
    await this.#context.store.run((transaction) => decide(transaction, jid, fingerprint, trust, now));
  }

  /** Writes down what a code says. A key that was believed unseen, of a device that has another one there, is asked about. */
  async apply({ jid, keys, refused }: Code, own: OwnDevice): Promise<readonly KeyInfo[]> {
    const now = this.#context.now();
    const mine = jid === this.#context.self.jid ? this.ownFingerprint(own) : undefined;
    const said = keys.filter(({ fingerprint }) => fingerprint !== mine);
    return this.#context.store.run(async (transaction) => {
      const conflicts: KeyInfo[] = [];
      for (const [, row] of await transaction.list("keys", `${jid}/`)) {
        const other = said.find(({ device }) => device !== undefined && device === row.device);
        if (!other || said.some(({ fingerprint }) => fingerprint === row.fingerprint)) continue;
        const trust = row.trust === "refused" ? "refused" : "undecided";
        await decide(transaction, jid, row.fingerprint, trust, now);
        conflicts.push(info(jid, { ...row, trust }, row.device!, []));
      }
      for (const { fingerprint } of said) await decide(transaction, jid, fingerprint, "verified", now);
      for (const fingerprint of refused) await decide(transaction, jid, fingerprint, "refused", now);
      return conflicts;
    });
  }

  /** Looks at the bundles of devices whose keys are not known; what can't be had now stays unknown. */
  async #meet(jid: string, own: OwnDevice): Promise<void> {
    const targets = await this.#directory.targets(jid);
    const known = await this.#context.store.run((transaction) => transaction.list("keys", `${jid}/`));
    const met = new Set(known.map(([, { device }]) => device));
    if (jid === this.#context.self.jid) met.add(own.id);
    const bundles = await Promise.all(
      targets
        .filter(({ device }) => !met.has(device))
        .map(async (target) => ({ target, bundle: await this.#directory.bundle(target) })),
    );
    const notices: Notice[] = [];
    await this.#context.store.run(async (transaction) => {
      notices.length = 0;
      for (const { target, bundle } of bundles) {
        if (!bundle) continue;
        const fingerprint = fingerprintOf(target.version, bundle.identity);
        const noted = await noteKey(transaction, jid, target.device, fingerprint, this.#context.now());
        notices.push({ jid, device: target.device, ...noted });
      }
    });
    announce(this.#context.self, notices);
  }

  #ownKey(own: OwnDevice): KeyInfo {
    const { jid, label } = this.#context.self;
    return {
      jid,
      device: own.id,
      fingerprint: this.ownFingerprint(own),
      trust: "verified",
      own: true,
      active: true,
      ...(label !== undefined && { label }),
      firstSeen: own.createdAt,
      lastSeen: this.#context.now(),
    };
  }
}

function info(jid: string, key: KnownKey, device: number, listed: readonly ListedDevice[]): KeyInfo {
  const { fingerprint, trust, firstSeen, lastSeen } = key;
  const entries = listed.filter(({ id }) => id === device);
  const label = entries.map((entry) => labelOf(entry, fingerprint)).find((text) => text !== undefined);
  return {
    jid,
    device,
    fingerprint,
    trust,
    own: false,
    active: entries.length > 0,
    ...(label !== undefined && { label }),
    firstSeen,
    lastSeen,
  };
}

/** The label of a device, where its signature is by that key; only the sign of the point is not known from a fingerprint. */
function labelOf({ label, labelSignature }: ListedDevice, fingerprint: string): string | undefined {
  const signature = fromBase64(labelSignature ?? "");
  if (label === undefined || signature?.length !== 64) return undefined;
  const key = fromHex(fingerprint, 32)!;
  const other = signature.slice();
  other[63]! |= 0x80;
  const signed = xeddsaVerify(key, utf8(label), signature) || xeddsaVerify(key, utf8(label), other);
  return signed ? label : undefined;
}
