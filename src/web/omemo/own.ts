import { randomId } from "./bytes.ts";
import { generateIdentity, generateKeyPair, type KeyPair } from "./curve.ts";
import type { OmemoTransaction, OwnDevice, OwnPreKey, SignedPreKey } from "./store.ts";
import { suites, versions, type Version } from "./suite.ts";

const day = 24 * 60 * 60 * 1000;
/** XEP-0384 0.8 §4.1: rotated once a week to once a month, and the last one kept for what is still under way. */
const rotateAfter = 7 * day;
const keepFor = 31 * day;
/**
 * How long a prekey is kept after its first use. Who fetched the bundle before that may have taken the same one, and
 * its message is still under way; the answer to each beginning leaves the doubly used key behind (XEP-0384 0.8 §6).
 */
const keepUsedFor = day;
/** XEP-0384 0.8 §4.1: always around 100, never fewer than 25. */
const preKeyCount = 100;
/** Ids of one-time prekeys are of 24 bits in Signal's libraries. */
const lastPreKeyId = 0xff_fffe;
/** 0.3.0 §4.1: a device id is a positive number of 31 bits. */
const lastDeviceId = 0x7fff_ffff;

const newDeviceId = (): number => randomId(lastDeviceId);

/** This device, made on the first run; `taken` are ids that the account has already. */
export async function ownDevice(
  transaction: OmemoTransaction,
  now: number,
  taken: ReadonlySet<number>,
): Promise<OwnDevice> {
  const known = await transaction.get("own", "device");
  if (known) return known;
  let id = newDeviceId();
  while (taken.has(id)) id = newDeviceId();
  const own: OwnDevice = {
    id,
    identity: generateIdentity(),
    createdAt: now,
    signedPreKeys: [],
    nextPreKey: { axolotl: 1, omemo2: 1 },
  };
  await transaction.put("own", "device", own);
  return own;
}

/** How many one-time prekeys there should be beside those that are there, of both versions. */
export async function missingPreKeys(transaction: OmemoTransaction): Promise<number> {
  return Math.max(0, preKeyCount * versions.length - (await unused(transaction, "")).length);
}

/**
 * Brings the own keys to what they should be: a fresh signed prekey, 100 one-time ones for each version. Those that were
 * made before, because it takes its time, are in `spare`.
 */
export async function maintain(
  transaction: OmemoTransaction,
  now: number,
  settled: boolean,
  spare: KeyPair[] = [],
): Promise<OwnDevice> {
  let own = (await transaction.get("own", "device"))!;
  own = rotated(own, now);
  if (settled) await forgetUsed(transaction, now);
  for (const version of versions) own = await toppedUp(transaction, own, version, spare);
  await transaction.put("own", "device", own);
  return own;
}

/** Whether the signed prekey is due; a clock that went back does not stop it for ever. */
export function rotationDue(own: OwnDevice, now: number): boolean {
  const newest = own.signedPreKeys.at(-1);
  return !newest || Math.abs(now - newest.createdAt) >= rotateAfter;
}

function rotated(own: OwnDevice, now: number): OwnDevice {
  if (!rotationDue(own, now)) return own;
  const pair = generateKeyPair();
  const fresh: SignedPreKey = {
    id: ((own.signedPreKeys.at(-1)?.id ?? 0) % lastPreKeyId) + 1,
    pair,
    signature: {
      axolotl: suites.axolotl.signPreKey(own.identity, pair.public),
      omemo2: suites.omemo2.signPreKey(own.identity, pair.public),
    },
    createdAt: now,
  };
  const kept = own.signedPreKeys.filter(({ createdAt }) => now - createdAt < keepFor);
  return { ...own, signedPreKeys: [...kept, fresh] };
}

async function toppedUp(
  transaction: OmemoTransaction,
  own: OwnDevice,
  version: Version,
  spare: KeyPair[],
): Promise<OwnDevice> {
  const there = (await unused(transaction, `${version}/`)).length;
  let next = own.nextPreKey[version];
  for (let i = there; i < preKeyCount; i++) {
    await transaction.put("preKeys", `${version}/${String(next)}`, {
      id: next,
      pair: spare.pop() ?? generateKeyPair(),
    });
    next = next === lastPreKeyId ? 1 : next + 1;
  }
  return { ...own, nextPreKey: { ...own.nextPreKey, [version]: next } };
}

/** The one-time prekeys to publish. */
export async function publishedPreKeys(
  transaction: OmemoTransaction,
  version: Version,
): Promise<OwnPreKey[]> {
  return (await unused(transaction, `${version}/`)).sort((a, b) => a.id - b.id);
}

/** Those that have begun no session, of the version or (an empty prefix) of both. */
async function unused(transaction: OmemoTransaction, prefix: string): Promise<OwnPreKey[]> {
  const rows = await transaction.list("preKeys", prefix);
  return rows.map(([, row]) => row).filter(({ usedAt }) => usedAt === undefined);
}

async function forgetUsed(transaction: OmemoTransaction, now: number): Promise<void> {
  for (const [key, { usedAt }] of await transaction.list("preKeys", ""))
    if (usedAt !== undefined && Math.abs(now - usedAt) >= keepUsedFor)
      await transaction.delete("preKeys", key);
}
