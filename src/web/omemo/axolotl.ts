import { concat } from "./bytes.ts";
import { xeddsaSign, xeddsaVerify } from "./curve.ts";
import { Fields, write } from "./protobuf.ts";
import type { Suite } from "./suite.ts";
import { Unreadable } from "./unreadable.ts";

/** Both halves say 3: the version that is, and the newest that is known. */
const versionByte = Uint8Array.of(0x33);
const macLength = 8;
/** Type DJB, Curve25519. */
const keyType = 0x05;

export const prefixed = (key: Uint8Array): Uint8Array => concat(Uint8Array.of(keyType), key);

/** Throws `Unreadable` for anything but 33 bytes of a Curve25519 key. */
function unprefixed(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 33 || bytes[0] !== keyType) throw new Unreadable("broken", "no Curve25519 key");
  return bytes.slice(1);
}

function body(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0 || bytes[0]! >> 4 !== 3) throw new Unreadable("broken", "not of version 3");
  return bytes.subarray(1);
}

/** The wire format of Signal's version 3, which XEP-0384 0.3.0 uses: keys are Montgomery with a prefix, codes 8 bytes. */
export const axolotl: Suite = {
  version: "axolotl",
  rootInfo: "WhisperRatchet",
  messageInfo: "WhisperMessageKeys",
  exchangeInfo: "WhisperText",
  needsPreKey: false,
  macLength,

  identityOf: (own) => own.montgomery.public,
  montgomery: (identity) => identity,
  signPreKey: (own, preKey) => xeddsaSign(own.montgomery, prefixed(preKey)),
  verifyPreKey: (identity, preKey, signature) => xeddsaVerify(identity, prefixed(preKey), signature),
  associated: ({ local, remote }, sending) =>
    sending ? concat(prefixed(local), prefixed(remote)) : concat(prefixed(remote), prefixed(local)),

  // Signal's libraries write the number of the last chain's last message where the specification has their count.
  cover: ({ remote, n, previous }, ciphertext) =>
    concat(
      versionByte,
      write([
        [1, prefixed(remote)],
        [2, n],
        [3, Math.max(0, previous - 1)],
        [4, ciphertext],
      ]),
    ),
  seal: (covered, mac) => concat(covered, mac),

  parse(bytes) {
    const covered = bytes.slice(0, Math.max(0, bytes.length - macLength));
    const fields = new Fields(body(covered));
    return {
      header: {
        remote: unprefixed(fields.needBytes(1)),
        n: fields.needNumber(2),
        previous: (fields.number(3) ?? 0) + 1,
      },
      ciphertext: fields.needBytes(4),
      covered,
      mac: bytes.slice(covered.length),
    };
  },

  sealExchange: ({ preKey, signedPreKey, identity, base, message }, device) =>
    concat(
      versionByte,
      write([
        [1, preKey],
        [2, prefixed(base)],
        [3, prefixed(identity)],
        [4, message],
        [5, device],
        [6, signedPreKey],
      ]),
    ),

  parseExchange(bytes) {
    const fields = new Fields(body(bytes));
    const preKey = fields.number(1);
    return {
      ...(preKey === undefined ? {} : { preKey }),
      base: unprefixed(fields.needBytes(2)),
      identity: unprefixed(fields.needBytes(3)),
      message: fields.needBytes(4),
      signedPreKey: fields.needNumber(6),
    };
  },
};
