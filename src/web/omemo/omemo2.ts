import { concat } from "./bytes.ts";
import { sign, toMontgomery, verify } from "./curve.ts";
import { Fields, write } from "./protobuf.ts";
import type { Suite } from "./suite.ts";
import { Unreadable } from "./unreadable.ts";

const macLength = 16;

function key(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 32) throw new Unreadable("broken", "no key of 32 bytes");
  return bytes;
}

/** The wire format of `urn:xmpp:omemo:2` (XEP-0384 0.8 §4 and its protobuf schemas): identities are Ed25519, codes 16 bytes. */
export const omemo2: Suite = {
  version: "omemo2",
  rootInfo: "OMEMO Root Chain",
  messageInfo: "OMEMO Message Key Material",
  exchangeInfo: "OMEMO X3DH",
  needsPreKey: true,
  macLength,

  identityOf: (own) => own.edwards,
  montgomery: toMontgomery,
  signPreKey: sign,
  verifyPreKey: verify,
  associated: ({ local, remote, initiator }) => (initiator ? concat(local, remote) : concat(remote, local)),

  cover: ({ remote, n, previous }, ciphertext) =>
    write([
      [1, n],
      [2, previous],
      [3, remote],
      [4, ciphertext],
    ]),
  seal: (covered, mac) =>
    write([
      [1, mac],
      [2, covered],
    ]),

  parse(bytes) {
    const outer = new Fields(bytes);
    const covered = outer.needBytes(2);
    const fields = new Fields(covered);
    return {
      header: {
        n: fields.needNumber(1),
        previous: fields.needNumber(2),
        remote: key(fields.needBytes(3)),
      },
      ciphertext: fields.bytes(4) ?? new Uint8Array(),
      covered,
      mac: outer.needBytes(1),
    };
  },

  sealExchange: ({ preKey, signedPreKey, identity, base, message }) =>
    write([
      [1, preKey],
      [2, signedPreKey],
      [3, identity],
      [4, base],
      [5, message],
    ]),

  parseExchange(bytes) {
    const fields = new Fields(bytes);
    return {
      preKey: fields.needNumber(1),
      signedPreKey: fields.needNumber(2),
      identity: key(fields.needBytes(3)),
      base: key(fields.needBytes(4)),
      message: fields.needBytes(5),
    };
  },
};
