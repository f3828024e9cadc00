import { createPublicKey, verify as nodeVerify } from "node:crypto";
import { expect, test } from "vitest";
import { base64, equal, fromBase64, fromHex, hex, random, randomId, utf8 } from "../../omemo/bytes.ts";
import { decryptCbc, decryptGcm, encryptCbc, encryptGcm, hkdf, hmac } from "../../omemo/cipher.ts";
import * as curve from "../../omemo/curve.ts";
import { Fields, write } from "../../omemo/protobuf.ts";

const bytes = (text: string): Uint8Array => fromHex(text, text.length / 2)!;

test("X25519 gives RFC 7748 §5.2 and §6.1", () => {
  const secret = bytes("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
  const u = bytes("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
  expect(hex(curve.agree({ secret, public: u }, u))).toBe(
    "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
  );
  const bob = curve.generateKeyPair(
    bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"),
  );
  expect(hex(bob.public)).toBe("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const alice = bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  expect(hex(curve.agree(bob, alice))).toBe(
    "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
  );
});

test("X25519 refuses the points that give everybody the same secret", () => {
  for (const low of ["00", "01"]) {
    const point = bytes(low + "00".repeat(31));
    expect(() => curve.agree(curve.generateKeyPair(), point)).toThrow();
  }
});

test("HMAC gives RFC 4231 §4.2 and §4.3", () => {
  expect(hex(hmac(bytes("0b".repeat(20)), utf8("Hi There")))).toBe(
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  );
  expect(hex(hmac(utf8("Jefe"), utf8("what do ya want for nothing?")))).toBe(
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
});

test("HKDF gives RFC 5869 A.3", () => {
  expect(hex(hkdf(bytes("0b".repeat(22)), new Uint8Array(), "", 42))).toBe(
    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  );
});

test("AES-256-CBC gives NIST SP 800-38A F.2.5, and a wrong padding is refused", () => {
  const key = bytes("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
  const iv = bytes("000102030405060708090a0b0c0d0e0f");
  const sealed = encryptCbc(key, iv, bytes("6bc1bee22e409f96e93d7e117393172a"));
  expect(hex(sealed.slice(0, 16))).toBe("f58c4c04d6e5f1ba779eabfb5f7bfbd6");
  expect(hex(decryptCbc(key, iv, sealed))).toBe("6bc1bee22e409f96e93d7e117393172a");
  expect(() => decryptCbc(key, iv, sealed.slice(0, 16))).toThrow();
});

test("AES-128-GCM gives McGrew and Viega's test case 3", () => {
  const key = bytes("feffe9928665731c6d6a8f9467308308");
  const iv = bytes("cafebabefacedbaddecaf888");
  const plain = bytes(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
  );
  const sealed = encryptGcm(key, iv, plain);
  expect(hex(sealed.slice(-16))).toBe("4d5c2af327cd64a62cf35abd2ba6fab4");
  expect(decryptGcm(key, iv, sealed)).toEqual(plain);
  sealed[0]! ^= 1;
  expect(() => decryptGcm(key, iv, sealed)).toThrow();
});

test("Ed25519 gives RFC 8032 §7.1, TEST 2", () => {
  const identity = curve.identityOf(
    bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"),
  );
  expect(hex(identity.edwards)).toBe("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const signature = curve.sign(identity, Uint8Array.of(0x72));
  expect(hex(signature)).toBe(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  );
  expect(curve.verify(identity.edwards, Uint8Array.of(0x72), signature)).toBe(true);
  expect(curve.verify(identity.edwards, Uint8Array.of(0x73), signature)).toBe(false);
  expect(curve.verify(new Uint8Array(31), Uint8Array.of(0x72), signature)).toBe(false);
});

test("an identity is the same key on both curves", () => {
  for (let i = 0; i < 20; i++) {
    const { edwards, montgomery } = curve.identityOf(random(32));
    expect(curve.generateKeyPair(montgomery.secret).public).toEqual(montgomery.public);
    expect(curve.toMontgomery(edwards)).toEqual(montgomery.public);
  }
});

test("a new identity has a positive sign on the Edwards curve", () => {
  for (let i = 0; i < 20; i++) expect(curve.generateIdentity().edwards[31]).toBeLessThan(0x80);
});

/** XEdDSA says that its signatures are Ed25519 signatures: OpenSSL must think so too. */
function opensslVerifies(edwards: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), edwards]);
  return nodeVerify(null, message, createPublicKey({ key: der, format: "der", type: "spki" }), signature);
}

test("XEdDSA signatures are Ed25519 signatures of the point with a positive sign", () => {
  const signs = new Set<boolean>();
  for (let i = 0; i < 20; i++) {
    const identity = curve.identityOf(random(32));
    const message = random(i);
    const signature = curve.xeddsaSign(identity.montgomery, message);
    expect(curve.xeddsaVerify(identity.montgomery.public, message, signature)).toBe(true);
    expect(signature[63]! & 0x80).toBe(0);
    const positive = identity.edwards.slice();
    signs.add((positive[31]! & 0x80) !== 0);
    positive[31]! &= 0x7f;
    expect(opensslVerifies(positive, message, signature)).toBe(true);

    const damaged = signature.slice();
    damaged[i]! ^= 1;
    expect(curve.xeddsaVerify(identity.montgomery.public, message, damaged)).toBe(false);
    expect(curve.xeddsaVerify(curve.generateKeyPair().public, message, signature)).toBe(false);
  }
  expect(signs.size).toBe(2);
});

test("signatures with the sign in their last bit, as older Signal libraries make them, are verified", () => {
  for (let i = 0; i < 10; i++) {
    const identity = curve.identityOf(random(32));
    const signature = curve.sign(identity, utf8("prekey"));
    signature[63]! |= identity.edwards[31]! & 0x80;
    expect(curve.xeddsaVerify(identity.montgomery.public, utf8("prekey"), signature)).toBe(true);
  }
});

test("XEdDSA refuses what is no key and no signature", () => {
  const message = utf8("x");
  expect(curve.xeddsaVerify(new Uint8Array(33), message, new Uint8Array(64))).toBe(false);
  expect(curve.xeddsaVerify(new Uint8Array(32), message, new Uint8Array(63))).toBe(false);
  const minusOne = new Uint8Array(32).fill(0xff);
  minusOne[0] = 0xec;
  minusOne[31] = 0x7f;
  expect(curve.xeddsaVerify(minusOne, message, new Uint8Array(64))).toBe(false);
  expect(curve.xeddsaVerify(random(32), message, new Uint8Array(64).fill(0xff))).toBe(false);
});

test("text forms of bytes come back, and others are refused", () => {
  for (const length of [0, 1, 31, 32, 9000]) {
    const data = random(length % 65536);
    expect(fromBase64(base64(data))).toEqual(data);
    expect(fromHex(hex(data), length)).toEqual(data);
  }
  expect(fromBase64(" aGVs\n bG8= ")).toEqual(utf8("hello"));
  expect(fromBase64("a*b")).toBeUndefined();
  expect(fromHex("0g", 1)).toBeUndefined();
  expect(fromHex("00", 2)).toBeUndefined();
  expect(equal(bytes("00ff"), bytes("00ff"))).toBe(true);
  expect(equal(bytes("00ff"), bytes("00fe"))).toBe(false);
  expect(equal(bytes("00"), bytes("0000"))).toBe(false);
});

test("random numbers reach both ends and stay between them", () => {
  const drawn = new Set(Array.from({ length: 500 }, () => randomId(3)));
  expect([...drawn].sort()).toEqual([1, 2, 3]);
});

test("protobuf fields are written and read", () => {
  const message = write([
    [1, 0],
    [2, 300],
    [3, 0xffff_ffff],
    [4, bytes("00ff")],
    [5, undefined],
  ]);
  expect(hex(message)).toBe("080010ac0218ffffffff0f220200ff");
  const fields = new Fields(message);
  expect([1, 2, 3].map((field) => fields.number(field))).toEqual([0, 300, 0xffff_ffff]);
  expect(fields.bytes(4)).toEqual(bytes("00ff"));
  expect(fields.bytes(5)).toBeUndefined();
  expect(() => fields.needNumber(5)).toThrow("missing");
  expect(() => fields.number(4)).toThrow("no number");
  expect(() => fields.bytes(1)).toThrow("is a number");
});

test.each([
  ["cut inside a number", "08ff"],
  ["cut inside bytes", "2205ff"],
  ["a length beyond all memory", "22ffffffff0f"],
  ["a number of more than 32 bits", "08ffffffff1f"],
  ["a number without end", "08" + "80".repeat(20)],
  ["a group, which nobody sends", "0b"],
])("protobuf that is %s is refused", (_, text) => {
  expect(() => new Fields(bytes(text))).toThrow();
});

test("unknown protobuf fields of every kind are passed over, the last of equal ones counts", () => {
  const fields = new Fields(
    bytes("49" + "00".repeat(8) + "55" + "00".repeat(4) + "7a0161" + "0801" + "0802"),
  );
  expect(fields.number(1)).toBe(2);
});
