import { hex } from "./bytes.ts";
import type { KnownKey, OmemoTransaction, Trust } from "./store.ts";
import { suites, type Version } from "./suite.ts";

/**
 * Blind trust before verification, as Conversations has it: a person's keys are believed unseen until one of them has
 * been verified; whatever is new after that waits for a decision.
 */

/** As the apps show it: the Montgomery form in lower-case hexadecimal (XEP-0384 0.8 §8). Throws where the bytes are no key. */
export const fingerprintOf = (version: Version, identity: Uint8Array): string =>
  hex(suites[version].montgomery(identity));

export interface Noted {
  readonly key: KnownKey;
  /** Whether it was met just now; `first` when nothing of that person was known before. */
  readonly fresh: "no" | "yes" | "first";
}

/** Writes down that a device uses a key, and says what is thought of it. */
export async function noteKey(
  transaction: OmemoTransaction,
  jid: string,
  device: number,
  fingerprint: string,
  now: number,
): Promise<Noted> {
  const known = await transaction.get("keys", `${jid}/${fingerprint}`);
  const others = known ? [] : await transaction.list("keys", `${jid}/`);
  const trust = others.some(([, { trust }]) => trust === "verified") ? "undecided" : "trusted";
  const key: KnownKey = known
    ? { ...known, device, lastSeen: now }
    : { fingerprint, trust, device, firstSeen: now, lastSeen: now };
  if (!known || known.device !== device || now - known.lastSeen >= precision)
    await transaction.put("keys", `${jid}/${fingerprint}`, key);
  const met = known?.device !== undefined;
  return { key, fresh: met ? "no" : others.length > 0 || known ? "yes" : "first" };
}

/** Last-seen is written at most once an hour. */
const precision = 60 * 60 * 1000;

/** A person's decision; a key that is not known yet is kept for when it is met. */
export async function decide(
  transaction: OmemoTransaction,
  jid: string,
  fingerprint: string,
  trust: Trust,
  now: number,
): Promise<void> {
  const known = await transaction.get("keys", `${jid}/${fingerprint}`);
  await transaction.put("keys", `${jid}/${fingerprint}`, {
    ...(known ?? { fingerprint, firstSeen: now, lastSeen: now }),
    trust,
  });
}
