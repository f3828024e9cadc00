import { cbc, gcm } from "@noble/ciphers/aes.js";
import { hkdf as noble } from "@noble/hashes/hkdf.js";
import { hmac as keyed } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8 } from "./bytes.ts";

/*
 * Everything here answers at once: a ratchet advances inside one IndexedDB transaction, which would end while it
 * waits for WebCrypto.
 */

/** HMAC-SHA-256 (RFC 2104). */
export const hmac = (key: Uint8Array, message: Uint8Array): Uint8Array => keyed(sha256, key, message);

/** HKDF-SHA-256 (RFC 5869). */
export const hkdf = (key: Uint8Array, salt: Uint8Array, info: string, length: number): Uint8Array =>
  noble(sha256, key, salt, utf8(info), length);

const zeros = new Uint8Array(32);

/** The 80 bytes that both versions make of one key: to encrypt, to authenticate, and to start with. */
export function spread(
  key: Uint8Array,
  info: string,
): { encrypt: Uint8Array; mac: Uint8Array; iv: Uint8Array } {
  const bytes = hkdf(key, zeros, info, 80);
  return { encrypt: bytes.subarray(0, 32), mac: bytes.subarray(32, 64), iv: bytes.subarray(64) };
}

/** AES-CBC with PKCS #7 padding; AES-256 by the key's 32 bytes. */
export const encryptCbc = (key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Uint8Array =>
  cbc(key, iv).encrypt(plain);

/** Throws where the padding is wrong: only for what has been authenticated. */
export const decryptCbc = (key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Uint8Array =>
  cbc(key, iv).decrypt(sealed);

/** AES-GCM; the tag of 16 bytes is the end of the result. */
export const encryptGcm = (key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Uint8Array =>
  gcm(key, iv).encrypt(plain);

/** Throws where the tag, the last 16 bytes, is wrong. */
export const decryptGcm = (key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Uint8Array =>
  gcm(key, iv).decrypt(sealed);
