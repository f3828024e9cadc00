import { afterAll, describe, expect, test, vi } from "vitest";
import { prefixed } from "../../omemo/axolotl.ts";
import { fromUtf8, utf8 } from "../../omemo/bytes.ts";
import { generateIdentity, generateKeyPair } from "../../omemo/curve.ts";
import { accept, decrypt, encrypt, initiate, type Session } from "../../omemo/session.ts";
import { suites, type Version } from "../../omemo/suite.ts";
import { ConverseDevice, converseIsThere } from "./converse.ts";
import { Chance } from "./random.ts";

// Several people share the machine that this runs on.
vi.setConfig({ testTimeout: 120_000 });

afterAll(() => ConverseDevice.stop());

/** Our side of a session with it. */
class Ours {
  readonly identity = generateIdentity();
  readonly signed = generateKeyPair();
  readonly preKey = generateKeyPair();
  session: Session | undefined;

  constructor(readonly version: Version) {}

  /** What we publish, in the version's form. */
  get keys() {
    const suite = suites[this.version];
    const wire = (key: Uint8Array): Uint8Array => (this.version === "axolotl" ? prefixed(key) : key);
    return {
      identity: wire(suite.identityOf(this.identity)),
      signed: wire(this.signed.public),
      signature: suite.signPreKey(this.identity, this.signed.public),
      preKey: wire(this.preKey.public),
    };
  }

  say(text: string): { bytes: Uint8Array; exchange: boolean } {
    const { session, bytes, exchange } = encrypt(this.session!, utf8(text), 1);
    this.session = session;
    return { bytes, exchange };
  }

  read({ bytes, exchange }: { bytes: Uint8Array; exchange: boolean }): string {
    const suite = suites[this.version];
    let message = bytes;
    if (exchange) {
      const parsed = suite.parseExchange(bytes);
      this.session ??= accept(this.version, this.identity, parsed, this.signed, this.preKey);
      message = parsed.message;
    }
    const opened = decrypt(this.session!, suite.parse(message));
    this.session = opened.session;
    return fromUtf8(opened.plain);
  }
}

describe.skipIf(!converseIsThere && !process.env["OMEMO_PEERS"]).each<Version>(["axolotl", "omemo2"])(
  "Converse.js's library, %s",
  (version) => {
    async function both(): Promise<{ ours: Ours; theirs: ConverseDevice }> {
      return { ours: new Ours(version), theirs: await ConverseDevice.start(version) };
    }

    test("we begin by its bundle, whose signature is right; it answers", async () => {
      const { ours, theirs } = await both();
      const bundle = await theirs.bundle();
      const { identity, signedPreKey, signature } = bundle;
      expect(suites[version].verifyPreKey(identity, signedPreKey.key, signature)).toBe(true);
      ours.session = initiate(version, ours.identity, bundle);
      for (const text of ["first", "second, still with its beginning"]) {
        const said = ours.say(text);
        expect(said.exchange).toBe(true);
        expect(await theirs.decrypt(said.bytes, true)).toBe(text);
      }
      expect(ours.read(await theirs.encrypt("answer"))).toBe("answer");
      const after = ours.say("after");
      expect(after.exchange).toBe(false);
      expect(await theirs.decrypt(after.bytes, false)).toBe("after");
    });

    test("it begins by our bundle and takes our signature; we answer", async () => {
      const { ours, theirs } = await both();
      await theirs.begin(ours.keys, [1, 1]);
      for (const text of ["first", "second"]) {
        const said = await theirs.encrypt(text);
        expect(said.exchange).toBe(true);
        expect(ours.read(said)).toBe(text);
      }
      expect(await theirs.decrypt(ours.say("answer").bytes, false)).toBe("answer");
      const after = await theirs.encrypt("after");
      expect(after.exchange).toBe(false);
      expect(ours.read(after)).toBe("after");
    });

    test("forty shuffled rounds are read both ways", async () => {
      const { ours, theirs } = await both();
      const chance = new Chance(40);
      await theirs.begin(ours.keys, [1, 1]);
      ours.read(await theirs.encrypt("hello"));
      await theirs.decrypt(ours.say("hello").bytes, false);
      let late: { bytes: Uint8Array; exchange: boolean; text: string; toUs: boolean }[] = [];
      for (let round = 0; round < 40; round++) {
        const waiting = late;
        late = [];
        for (let i = 0; i < 3; i++) {
          const text = `${String(round)}/${String(i)}`;
          waiting.push(
            { ...ours.say(text), text, toUs: false },
            { ...(await theirs.encrypt(text)), text, toUs: true },
          );
        }
        while (waiting.length > 0) {
          const [next] = waiting.splice(chance.number(waiting.length), 1);
          // Some come a round late, when the chain that they are of has ended.
          if (chance.happens(15) && round < 39) late.push(next!);
          else if (next!.toUs) expect(ours.read(next!)).toBe(next!.text);
          else expect(await theirs.decrypt(next!.bytes, next!.exchange)).toBe(next!.text);
        }
      }
    });
  },
);
