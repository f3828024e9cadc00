import { expect, test, vi } from "vitest";
import type { Element } from "../../xmpp/xml.ts";
import { Chance } from "./random.ts";
import { World, type Device } from "./world.ts";

// Several people share the machine that this runs on.
vi.setConfig({ testTimeout: 120_000 });

const [mia, ben] = ["mia@kith.example", "ben@kith.example"];

/**
 * Three devices of two people talk from the first word on over a line that loses, doubles and shuffles everything, the
 * library's own messages included: whoever began which session when, each copy that arrives is read.
 */
test.each([1, 2, 3, 4])("a storm (%i) breaks no session", async (seed) => {
  const chance = new Chance(seed);
  const world = new World();
  const devices = [await world.device(mia), await world.device(mia), await world.device(ben)];
  const onTheWay: { to: Device; from: string; message: Element; text: string }[] = [];
  const results = new Map<string, number>();

  const post = (sender: Device | undefined, from: string, message: Element, text: string): void => {
    for (const to of devices) {
      if (to === sender) continue;
      const copies = chance.happens(12) ? 0 : chance.happens(5) ? 2 : 1;
      for (let i = 0; i < copies; i++) onTheWay.push({ to, from, message, text });
    }
  };
  const arrive = async (): Promise<void> => {
    const [{ to, from, message, text }] = onTheWay.splice(
      chance.number(Math.min(onTheWay.length, 12)),
      1,
    ) as [(typeof onTheWay)[number]];
    const got = await to.read(message, from);
    results.set(got === text ? "read" : got, (results.get(got === text ? "read" : got) ?? 0) + 1);
    await to.omemo.settled();
    for (const sent of world.sent.splice(0)) post(undefined, sent.from, sent.message, "(empty)");
  };

  for (let i = 0; i < 120; i++) {
    const sender = devices[chance.number(devices.length)]!;
    const other = sender.jid === mia ? ben : mia;
    const text = `${String(i)} of ${String(seed)}`;
    post(sender, sender.jid, await sender.say(other, text), text);
    while (onTheWay.length > 8 || (onTheWay.length > 0 && chance.happens(60))) await arrive();
  }
  while (onTheWay.length > 0) await arrive();

  const harmless = ["read", "(duplicate)", "(not-for-this-device)", "(own-device)"];
  expect([...results.keys()].filter((result) => !harmless.includes(result))).toEqual([]);
  expect(results.get("read")).toBeGreaterThan(150);
});
