// Converse.js's OMEMO library as a device, by its own documented calls; bytes travel as hexadecimal text.
import {
  InMemoryStore,
  KeyHelper,
  OMEMOAddress,
  SessionBuilder,
  SessionCipher,
  curvePubKeyToEd25519PubKey,
} from "/libomemo.esm.min.js";

const namespace = new URL(location.href).searchParams.get("namespace");
const second = namespace === "urn:xmpp:omemo:2";

const toHex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const toBuffer = (text) =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)).buffer;
const unprefixed = (buffer) => (buffer.byteLength === 33 ? buffer.slice(1) : buffer);

const identity = await KeyHelper.generateIdentityKeyPair();
const signed = await KeyHelper.generateSignedPreKey(identity, 0, namespace);
const preKey = await KeyHelper.generatePreKey(5);
const store = new InMemoryStore();
store.put("identityKey", identity);
store.put("registrationId", KeyHelper.generateRegistrationId());
await store.storeSignedPreKey(0, signed.keyPair);
await store.storePreKey(5, preKey.keyPair);
const address = new OMEMOAddress("mia@kith.example", 1);
const cipher = () => new SessionCipher(store, address, namespace);

globalThis.peer = {
  async bundle() {
    const own = second ? await curvePubKeyToEd25519PubKey(identity.pubKey) : identity.pubKey;
    return {
      identity: toHex(unprefixed(own)),
      signed: toHex(unprefixed(signed.keyPair.pubKey)),
      signature: toHex(signed.signature),
      preKey: toHex(unprefixed(preKey.keyPair.pubKey)),
    };
  },

  async begin(keys, [signedId, preKeyId]) {
    await new SessionBuilder(store, address, namespace).processPreKey({
      registrationId: 1,
      identityKey: toBuffer(keys.identity),
      signedPreKey: {
        keyId: signedId,
        publicKey: toBuffer(keys.signed),
        signature: toBuffer(keys.signature),
      },
      preKey: { keyId: preKeyId, publicKey: toBuffer(keys.preKey) },
    });
  },

  async encrypt(text) {
    const { type, body } = await cipher().encrypt(new TextEncoder().encode(text).buffer);
    const bytes = Uint8Array.from(body, (letter) => letter.charCodeAt(0));
    return { bytes: toHex(bytes), exchange: type === 3 };
  },

  async decrypt(text, exchange) {
    const read = exchange ? "decryptPreKeyWhisperMessage" : "decryptWhisperMessage";
    const { plaintext } = await cipher()[read](toBuffer(text), "binary");
    return new TextDecoder().decode(plaintext);
  },
};
