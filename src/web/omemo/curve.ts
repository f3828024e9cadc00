import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, random } from "./bytes.ts";

/** A Curve25519 pair in its Montgomery form (RFC 7748), 32 bytes each. */
export interface KeyPair {
  readonly secret: Uint8Array;
  readonly public: Uint8Array;
}

/** What this device is: one secret, as the two curves see it. */
export interface Identity {
  /** The Ed25519 secret (RFC 8032), 32 bytes. */
  readonly seed: Uint8Array;
  /** The Ed25519 public key, 32 bytes: how `urn:xmpp:omemo:2` names this device. */
  readonly edwards: Uint8Array;
  /** The same key for Diffie-Hellman; its public half is the fingerprint, and how axolotl names this device. */
  readonly montgomery: KeyPair;
}

const { Fp, Fn, BASE } = ed25519.Point;

export function generateKeyPair(secret = random(32)): KeyPair {
  return { secret, public: x25519.getPublicKey(secret) };
}

export function identityOf(seed: Uint8Array): Identity {
  const edwards = ed25519.getPublicKey(seed);
  const secret = ed25519.utils.toMontgomerySecret(seed);
  return { seed, edwards, montgomery: { secret, public: toMontgomery(edwards) } };
}

/**
 * A new identity, whose point has a positive sign: there its Montgomery form says all, and libraries that verify its
 * Ed25519 signatures by that form alone (Converse.js's) find them right.
 */
export function generateIdentity(): Identity {
  for (;;) {
    const identity = identityOf(random(32));
    if (identity.edwards[31]! < 0x80) return identity;
  }
}

/** X25519 (RFC 7748 §5). Throws for a public key of small order, whose secret everybody would know (§6.1). */
export const agree = (own: KeyPair, other: Uint8Array): Uint8Array =>
  x25519.getSharedSecret(own.secret, other);

/** The birational map of RFC 7748 §4.1. Throws where the bytes are no point. */
export const toMontgomery = (edwards: Uint8Array): Uint8Array => ed25519.utils.toMontgomery(edwards);

/** Ed25519 (RFC 8032 §5.1.6) with the identity. */
export const sign = (identity: Identity, message: Uint8Array): Uint8Array =>
  ed25519.sign(message, identity.seed);

/** Ed25519 (RFC 8032 §5.1.7); false too for what is no key or no signature. */
export function verify(edwards: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (edwards.length !== 32 || signature.length !== 64) return false;
  return ed25519.verify(signature, message, edwards);
}

const littleEndian = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);

const scalar = (bytes: Uint8Array): bigint => Fn.create(littleEndian(bytes));

/** The secret of X25519 as a number (RFC 7748 §5, decodeScalar25519). */
function clamped(secret: Uint8Array): bigint {
  const bytes = secret.slice();
  bytes[0]! &= 248;
  bytes[31]! = (bytes[31]! & 127) | 64;
  return scalar(bytes);
}

/** 2^256 − 1 − 1, which makes hash_1 another function than the hash of the challenge (XEdDSA §2.5). */
const hash1Prefix = new Uint8Array(32).fill(0xff);
hash1Prefix[0] = 0xfe;

/** XEdDSA (Signal, "The XEdDSA and VXEdDSA Signature Schemes", §2.3 and §2.5): a signature by a Montgomery key. */
export function xeddsaSign(own: KeyPair, message: Uint8Array, nonce = random(64)): Uint8Array {
  const secret = clamped(own.secret);
  const point = BASE.multiply(secret).toBytes();
  const negative = (point[31]! & 0x80) !== 0;
  point[31]! &= 0x7f;
  const a = negative ? Fn.neg(secret) : secret;
  const r = scalar(sha512(concat(hash1Prefix, Fn.toBytes(a), message, nonce)));
  const commitment = BASE.multiply(r).toBytes();
  const challenge = scalar(sha512(concat(commitment, point, message)));
  return concat(commitment, Fn.toBytes(Fn.add(r, Fn.mul(challenge, a))));
}

/**
 * XEdDSA verification (§2.4) with the Montgomery key; false too for what is no key or no signature. Older Signal
 * libraries sign with either sign of the point, and say which in the highest bit, which is otherwise zero.
 */
export function xeddsaVerify(montgomery: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (montgomery.length !== 32 || signature.length !== 64) return false;
  const u = Fp.create(littleEndian(montgomery) & ((1n << 255n) - 1n));
  const denominator = Fp.add(u, Fp.ONE);
  if (Fp.is0(denominator)) return false;
  const edwards = Fp.toBytes(Fp.mul(Fp.sub(u, Fp.ONE), Fp.inv(denominator))).slice();
  const plain = signature.slice();
  edwards[31]! |= plain[63]! & 0x80;
  plain[63]! &= 0x7f;
  return verify(edwards, message, plain);
}
