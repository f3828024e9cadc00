import { describe, expect, test, vi } from "vitest";
import { type Version } from "../../omemo/index.ts";
import { x, type Element } from "../../xmpp/xml.ts";
import { acquainted, ben, day, ida, isExchange, mia, minute, two } from "./family.ts";
import { World, type Device } from "./world.ts";

// Several people share the machine that this runs on.
vi.setConfig({ testTimeout: 60_000 });

describe("upkeep", () => {
  const bundle = (world: World, device: Device, version: Version): Element =>
    world.bundles.get(`${device.jid}/${String(device.omemo.device)}/${version}`)!;
  const preKeyIds = (element: Element): string[] =>
    element
      .getChild("prekeys")!
      .getChildElements()
      .map(({ attrs }) => (attrs["preKeyId"] ?? attrs["id"])!);

  test("publishes 100 prekeys for each version, and replaces the one that was used", async () => {
    const { world, a, b } = await two();
    const before = preKeyIds(bundle(world, b, "axolotl"));
    expect(before).toHaveLength(100);
    expect(preKeyIds(bundle(world, b, "omemo2"))).toHaveLength(100);
    await b.read(await a.say(ben, "hello"), mia);
    await b.omemo.settled();
    const after = preKeyIds(bundle(world, b, "axolotl"));
    expect(after).toHaveLength(100);
    expect(before.filter((id) => !after.includes(id))).toHaveLength(1);
  });

  test("a prekey that was used serves for a day whoever took it as well, and nobody after that", async () => {
    const { world, a, b } = await two();
    const only = bundle(world, b, "axolotl").getChild("prekeys")!;
    only.children = only.children.slice(0, 1);
    const [other, late] = [await world.device(ida), await world.device("eve@kith.example")];
    const first = await a.say(ben, "first");
    const second = await other.say(ben, "second");
    const third = await late.say(ben, "third");
    expect(await b.read(first, mia)).toBe("first");
    await b.omemo.settled();
    world.now += 23 * 60 * 60 * 1000;
    expect(await b.read(second, ida)).toBe("second");
    expect(await b.read(second, ida)).toBe("(duplicate)");
    world.now += 2 * 60 * 60 * 1000;
    await b.reload();
    expect(await b.read(third, "eve@kith.example")).toBe("(broken)");
  });

  test("while catching up a prekey serves all who took it, nothing is sent, and then each is answered once", async () => {
    const { world, a, b } = await two();
    const only = bundle(world, b, "axolotl").getChild("prekeys")!;
    only.children = only.children.slice(0, 1);
    const other = await world.device(ida);
    const messages = [await a.say(ben, "1"), await a.say(ben, "2"), await other.say(ben, "3")] as const;
    await b.omemo.start();
    expect(await b.read(messages[0], mia)).toBe("1");
    expect(await b.read(messages[1], mia)).toBe("2");
    expect(await b.read(messages[2], ida)).toBe("3");
    await b.omemo.settled();
    expect(world.sent).toEqual([]);
    b.omemo.caughtUp();
    await b.omemo.settled();
    expect(world.sent.map(({ message }) => message.attrs["to"])).toEqual([mia, ida]);
    expect(await (await world.device("eve@kith.example")).say(ben, "later")).toBeDefined();
  });

  test("puts this device back on the list, but does not fight for ever", async () => {
    const { world, a } = await two();
    let published = 0;
    for (let i = 0; i < 20; i++) {
      world.lists.set(
        `${mia}/axolotl`,
        x("list", { xmlns: "eu.siacs.conversations.axolotl" }, x("device", { id: 5 })),
      );
      await world.notify(mia, "axolotl");
      await a.omemo.settled();
      const ids = world
        .list(mia, "axolotl")!
        .getChildElements()
        .map(({ attrs }) => attrs["id"]);
      if (!ids.includes(String(a.omemo.device))) continue;
      expect(ids).toContain("5");
      published++;
    }
    expect(published).toBeGreaterThan(0);
    expect(published).toBeLessThan(10);
    world.now += 2 * minute;
    await world.notify(mia, "axolotl");
    await a.omemo.settled();
    expect(world.list(mia, "axolotl")!.getChildElements()).toHaveLength(2);
  });

  test("publishes again what is missing or differs at the next start", async () => {
    const { world, a, b } = await two();
    world.bundles.delete(`${ben}/${String(b.omemo.device)}/omemo2`);
    const damaged = bundle(world, b, "axolotl").getChild("prekeys")!;
    damaged.children = damaged.children.slice(0, 60);
    world.lists.delete(`${ben}/axolotl`);
    const device = b.omemo.device;
    await b.reload();
    expect(b.omemo.device).toBe(device);
    expect(preKeyIds(bundle(world, b, "axolotl"))).toHaveLength(100);
    expect(preKeyIds(bundle(world, b, "omemo2"))).toHaveLength(100);
    expect(await b.read(await a.say(ben, "hello"), mia)).toBe("hello");
  });

  test("rotates the signed prekey every week, reads what used the last one for a month, and no longer", async () => {
    const { world, a, b } = await two();
    const [soon, late] = [await world.device(ida), await world.device("eve@kith.example")];
    const [first, second] = [await soon.say(ben, "delayed"), await late.say(ben, "too late")];
    const signed = (): string =>
      bundle(world, b, "axolotl").getChild("signedPreKeyPublic")!.attrs["signedPreKeyId"]!;
    const before = signed();
    world.now += 8 * day;
    await b.reload();
    expect(signed()).not.toBe(before);
    expect(await b.read(first, ida)).toBe("delayed");
    for (let week = 0; week < 5; week++) {
      world.now += 8 * day;
      await b.reload();
    }
    expect(await b.read(second, "eve@kith.example")).toBe("(broken)");
    await world.deliver();
    expect(await b.read(await a.say(ben, "fresh"), mia)).toBe("fresh");
  });

  test("rotates in a page that stays open", async () => {
    const { world, a, b } = await two();
    const signed = (): string => bundle(world, b, "omemo2").getChild("spk")!.attrs["id"]!;
    const before = signed();
    world.now += 8 * day;
    await b.read(await a.say(ben, "x"), mia);
    await b.say(mia, "y");
    await b.omemo.settled();
    expect(signed()).not.toBe(before);
  });

  test("sends a heartbeat once when somebody else writes and writes", async () => {
    const { world, a, b } = await acquainted();
    for (let i = 0; i < 60; i++) await b.read(await a.say(ben, String(i)), mia);
    await b.omemo.settled();
    expect(world.sent).toHaveLength(1);
    await world.deliver();
    expect(isExchange(await a.say(ben, "x"))).toBe(false);
  });

  test("does not tell strangers that it reads", async () => {
    const { world, a, b } = await two();
    Object.assign(b, { omemo: b.make({ mayAnswer: () => false }) });
    await b.start();
    const message = await a.say(ben, "who are you?");
    const asked = world.asked;
    expect(await b.read(message, mia)).toBe("who are you?");
    await b.omemo.settled();
    expect(world.sent).toEqual([]);
    expect(world.asked).toBe(asked);
  });

  test("what could not be sent without a connection is sent with the next", async () => {
    const { world, a, b } = await two();
    const message = await a.say(ben, "hello");
    world.offline = true;
    expect(await b.read(message, mia)).toBe("hello");
    await b.omemo.settled();
    expect(b.errors.length).toBeGreaterThan(0);
    world.offline = false;
    await b.start();
    expect(world.sent).toHaveLength(1);
    await world.deliver();
    expect(isExchange(await a.say(ben, "again"))).toBe(false);
  });

  test("without a connection a start rejects, and what is stored still works", async () => {
    const { world, a, b } = await acquainted();
    const message = await a.say(ben, "hello");
    world.offline = true;
    await expect(b.reload()).rejects.toThrow("no connection");
    expect(await b.read(message, mia)).toBe("hello");
  });

  test("a device id that the account has is not taken again", async () => {
    const world = new World();
    const ids = new Set<number>();
    for (let i = 0; i < 4; i++) ids.add((await world.device(mia)).omemo.device);
    expect(ids.size).toBe(4);
  });

  test("another own device can be forgotten, and this one not", async () => {
    const world = new World();
    const [a, lost] = [await world.device(mia), await world.device(mia)];
    await a.omemo.forget([lost.omemo.device, a.omemo.device]);
    for (const version of ["axolotl", "omemo2"] as const) {
      const ids = world
        .list(mia, version)!
        .getChildElements()
        .map(({ attrs }) => attrs["id"]);
      expect(ids).toEqual([String(a.omemo.device)]);
      expect(bundle(world, lost, version)).toBeUndefined();
    }
  });
});
