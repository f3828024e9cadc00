import { concat, equal, random } from "./bytes.ts";
import { decryptCbc, decryptGcm, encryptCbc, encryptGcm, hmac, spread } from "./cipher.ts";
import type { Version } from "./suite.ts";
import { Unreadable } from "./unreadable.ts";

/** A content encrypted once for everybody. */
export interface Payload {
  /** What each device gets through its session. */
  readonly key: Uint8Array;
  /** Axolotl only. */
  readonly iv?: Uint8Array;
  /** Absent in an empty message. */
  readonly sealed?: Uint8Array;
}

const keyLength: Record<Version, number> = { axolotl: 16, omemo2: 32 };
const tagLength = 16;
const info = "OMEMO Payload";

/**
 * XEP-0384 0.3.0 §4.4: AES-128-GCM, key and tag go through the sessions. 0.8 §4.3: AES-256-CBC and a code of 16 bytes
 * over it, both by one key; key and code go through the sessions. Without content: an empty message (0.3.0 §4.5, 0.8 §5.5.3).
 */
export function sealPayload(version: Version, plain: Uint8Array | undefined): Payload {
  if (version === "axolotl") {
    const [key, iv] = [random(keyLength.axolotl), random(12)];
    const sealed = encryptGcm(key, iv, plain ?? new Uint8Array());
    const tagged = { key: concat(key, sealed.slice(-tagLength)), iv };
    return plain ? { ...tagged, sealed: sealed.slice(0, -tagLength) } : tagged;
  }
  if (!plain) return { key: new Uint8Array(keyLength.omemo2) };
  const key = random(keyLength.omemo2);
  const keys = spread(key, info);
  const sealed = encryptCbc(keys.encrypt, keys.iv, plain);
  return { key: concat(key, hmac(keys.mac, sealed).subarray(0, tagLength)), sealed };
}

/** The content of a message; undefined when it is an empty one. Throws `Unreadable`. */
export function openPayload(version: Version, { key, iv, sealed }: Payload): Uint8Array | undefined {
  if (!sealed) return undefined;
  const cut = keyLength[version];
  try {
    if (version === "axolotl") {
      if (!iv) throw new Unreadable("broken", "no iv");
      // Long ago the tag was left at the end of the payload; then only the key comes through the session.
      return decryptGcm(key.subarray(0, cut), iv, concat(sealed, key.subarray(cut)));
    }
    const keys = spread(key.subarray(0, cut), info);
    if (!equal(hmac(keys.mac, sealed).subarray(0, tagLength), key.subarray(cut)))
      throw new Unreadable("broken", "the payload is not authentic");
    return decryptCbc(keys.encrypt, keys.iv, sealed);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable("broken", error instanceof Error ? error.message : "damaged payload");
  }
}
