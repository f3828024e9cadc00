import { expect, test } from "vitest";
import { versions } from "../../omemo/index.ts";
import { Device, World } from "./world.ts";

const [mia, ben] = ["mia@kith.example", "ben@kith.example"];

/** A new device of Mia's, whose page lets it work on only when it is told to. */
class Slow extends Device {
  readonly pauses: (() => void)[] = [];
  #paused: () => void = () => undefined;

  constructor(world: World) {
    super(world, mia);
    const leisure = () =>
      new Promise<void>((resolve) => {
        this.pauses.push(resolve);
        this.#paused();
      });
    this.omemo = this.make({ leisure });
    world.devices.push(this);
  }

  paused(): Promise<void> {
    return new Promise((resolve) => (this.#paused = resolve));
  }
}

const published = ({ lists, bundles }: World) =>
  [lists, bundles].map((all) => [...all.keys()].filter(isMias).length);
const isMias = (key: string): boolean => key.startsWith(mia);

test("the first keys are made in pieces, when the page has time for them", async () => {
  const world = new World();
  const device = new Slow(world);
  let pause = device.paused();
  const starting = device.omemo.start();
  await pause;
  expect(() => device.omemo.device).toThrow();
  let started = false;
  void starting.then(() => (started = true));
  for (let piece = 0; !started; piece++) {
    pause = device.paused();
    device.pauses[piece]!();
    await Promise.race([pause, starting]);
  }
  expect(device.pauses).toHaveLength(1 + 50);
  expect(published(world)).toEqual([2, 2]);
  for (const version of versions) {
    const bundle = world.bundles.get(`${mia}/${String(device.omemo.device)}/${version}`)!;
    const keys = bundle.getChild("prekeys")!.getChildElements();
    expect(new Set(keys.map((key) => key.getText())).size).toBe(100);
  }
});

test("meanwhile it reads, and what it writes can be read", async () => {
  const world = new World();
  const friend = await world.device(ben);
  const other = await world.device(mia);
  const device = new Slow(world);
  let pause = device.paused();
  const starting = device.omemo.start();
  await pause;
  pause = device.paused();
  device.pauses[0]!();
  await device.omemo.known;
  expect(published(world)).toEqual([2, 2]);
  const early = await device.say(ben, "so soon");
  expect(await friend.read(early, mia)).toBe("so soon");
  expect(await device.read(await friend.say(mia, "for the other one"), ben)).toBe("(not-for-this-device)");
  await pause;
  for (let piece = 1; piece <= 50; piece++) {
    pause = device.paused();
    device.pauses[piece]!();
    await Promise.race([pause, starting]);
  }
  await starting;
  device.omemo.caughtUp();
  await device.omemo.settled();
  expect(published(world)).toEqual([2, 4]);
  for (const version of versions) await world.notify(mia, version);
  await world.deliver();
  expect(await device.read(await friend.say(mia, "there you are"), ben)).toBe("there you are");
  expect([...device.errors, ...other.errors]).toEqual([]);
});

test("a device that is there already waits for nobody", async () => {
  const world = new World();
  const before = await world.device(mia);
  const again = before.make({ leisure: () => Promise.reject(new Error("asked")) });
  await Promise.all([again.known, again.start()]);
  expect(again.device).toBe(before.omemo.device);
});
