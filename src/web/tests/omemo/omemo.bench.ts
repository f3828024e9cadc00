import { bench, describe } from "vitest";
import { random } from "../../omemo/bytes.ts";
import { generateIdentity, generateKeyPair } from "../../omemo/curve.ts";
import { accept, decrypt, encrypt, initiate, type Session } from "../../omemo/session.ts";
import { suites, type Version } from "../../omemo/suite.ts";

/** `npx vitest bench tests/omemo`: 100 prekeys are to take less than 50 ms, a message less than 1 ms. */
describe.each<Version>(["axolotl", "omemo2"])("%s", (version) => {
  const [alice, bob, signed, preKey] = [
    generateIdentity(),
    generateIdentity(),
    generateKeyPair(),
    generateKeyPair(),
  ];
  const suite = suites[version];
  const bundle = {
    identity: suite.identityOf(bob),
    signedPreKey: { id: 1, key: signed.public },
    preKeys: [{ id: 1, key: preKey.public }],
  };
  const text = random(48);
  const first = encrypt(initiate(version, alice, bundle), text, 1);
  const exchange = suite.parseExchange(first.bytes);
  const receive = (): Session =>
    decrypt(accept(version, bob, exchange, signed, preKey), suite.parse(exchange.message)).session;
  const b = receive();
  const answer = encrypt(b, text, 2);
  const a = decrypt(first.session, suite.parse(answer.bytes)).session;
  const [step, next] = ((one) => [one, encrypt(one.session, text, 1)])(encrypt(a, text, 1));
  const after = decrypt(answer.session, suite.parse(step.bytes)).session;

  bench("100 prekeys", () => {
    for (let i = 0; i < 100; i++) generateKeyPair();
  });
  bench("begins a session, and its first message", () => {
    encrypt(initiate(version, alice, bundle), text, 1);
  });
  bench("is begun with, and reads the first message", () => {
    receive();
  });
  bench("encrypts the next message", () => {
    encrypt(next.session, text, 1);
  });
  bench("decrypts the next message", () => {
    decrypt(after, suite.parse(next.bytes));
  });
  bench("decrypts a message that makes a step", () => {
    decrypt(answer.session, suite.parse(step.bytes));
  });
});
