import { afterEach, describe, expect, test, vi } from "vitest";
import type { Version } from "../../omemo/index.ts";
import { PythonDevice, pythonIsThere } from "./python.ts";
import { World } from "./world.ts";

// Several people share the machine that this runs on.
vi.setConfig({ testTimeout: 60_000 });

const [mia, ben] = ["mia@kith.example", "ben@kith.example"];
const peers: PythonDevice[] = [];

async function withPython(versions: readonly Version[], jid = ben) {
  const world = new World();
  const ours = await world.device(mia);
  const theirs = new PythonDevice(world, jid);
  peers.push(theirs);
  return { world, ours, theirs, there: await theirs.start(versions, "Python") };
}

afterEach(() => {
  for (const peer of peers.splice(0)) peer.stop();
});

describe.skipIf(!pythonIsThere && !process.env["OMEMO_PEERS"]).each<Version>(["axolotl", "omemo2"])(
  "python3-omemo, %s",
  (version) => {
    test("we write first, it answers, and so on", async () => {
      const { world, ours, theirs, there } = await withPython([version]);
      const first = await ours.say(ben, "hello – été");
      expect(await theirs.read(first, mia)).toMatchObject({ body: "hello – été", device: ours.omemo.device });
      expect(await world.deliver()).toBeGreaterThan(0);
      for (let round = 0; round < 5; round++) {
        expect(await ours.read(await theirs.say(mia, `it ${String(round)}`, [version]), ben)).toBe(
          `it ${String(round)}`,
        );
        const said = await ours.say(ben, `we ${String(round)}`);
        expect(await theirs.read(said, mia)).toMatchObject({ body: `we ${String(round)}` });
      }
      expect(ours.unreadable).toEqual([]);
      expect((await ours.omemo.keys(ben))[0]).toMatchObject({ fingerprint: there.fingerprint });
    });

    test("it writes first, we answer", async () => {
      const { world, ours, theirs } = await withPython([version]);
      await theirs.refresh(mia, version);
      const first = await theirs.say(mia, "hi", [version]);
      expect(await ours.read(first, ben)).toBe("hi");
      await ours.omemo.settled();
      expect(world.sent).toHaveLength(1);
      expect(await theirs.read(world.sent.shift()!.message, mia)).toMatchObject({ body: null });
      expect(await theirs.read(await ours.say(ben, "hello"), mia)).toMatchObject({ body: "hello" });
      expect(await ours.read(await theirs.say(mia, "well", [version]), ben)).toBe("well");
    });

    test("messages in the wrong order are read both ways", async () => {
      const { world, ours, theirs } = await withPython([version]);
      await theirs.read(await ours.say(ben, "first"), mia);
      await world.deliver();
      for (let round = 0; round < 3; round++) {
        const forth = [];
        for (let i = 0; i < 12; i++) forth.push(await ours.say(ben, String(i)));
        const back = [];
        for (let i = 0; i < 12; i++) back.push(await theirs.say(mia, String(i), [version]));
        for (const i of [11, 3, 0, 7, 1, 2, 10, 4, 5, 9, 8, 6]) {
          expect(await theirs.read(forth[i]!, mia)).toMatchObject({ body: String(i) });
          expect(await ours.read(back[i]!, ben)).toBe(String(i));
        }
      }
    });
  },
);
