import { describe, expect, test, vi } from "vitest";
import { acquainted, ben, ida, mia, two } from "./family.ts";
import { World, type Device } from "./world.ts";

// Several people share the machine that this runs on.
vi.setConfig({ testTimeout: 60_000 });

describe("recipients", () => {
  test("without devices are named, and the others can still be written to", async () => {
    const { a, b } = await two();
    expect(await a.omemo.encrypt([ben, ida], { body: "x" })).toMatchObject({
      reason: "no-devices",
      jids: [ida],
    });
    const partial = await a.omemo.encrypt([ben, ida], { body: "x" }, { partial: true });
    expect(partial.kind).toBe("encrypted");
    expect(await a.omemo.encrypt([ida], { body: "x" }, { partial: true })).toMatchObject({ jids: [ida] });
    expect(b.unreadable).toEqual([]);
  });

  test("with a device whose bundle is missing or forged are written to on the others", async () => {
    const world = new World();
    const [a, good, gone, forged] = [
      await world.device(mia),
      await world.device(ben),
      await world.device(ben),
      await world.device(ben),
    ];
    const at = (device: Device): string => `${ben}/${String(device.omemo.device)}/axolotl`;
    world.bundles.delete(at(gone));
    const signature = world.bundles.get(at(forged))!.getChild("signedPreKeySignature")!;
    signature.children = [world.bundles.get(at(good))!.getChildText("signedPreKeySignature")!];
    const result = await a.omemo.encrypt([ben], { body: "x" });
    if (result.kind !== "encrypted") throw new Error(result.reason);
    expect(result.skipped.map(({ device, why }) => [device, why])).toEqual([
      [gone.omemo.device, "no-bundle"],
      [forged.omemo.device, "no-bundle"],
    ]);
    const asked = world.fetched;
    await a.say(ben, "y");
    expect(world.fetched).toBe(asked);
  });

  test("are written to without a connection when there are sessions; of others it is said that they can't be asked", async () => {
    const { world, a, b } = await acquainted();
    world.offline = true;
    expect(await b.read(await a.say(ben, "from the train"), mia)).toBe("from the train");
    const refused = await a.omemo.encrypt([ben, ida], { body: "x" });
    expect(refused).toMatchObject({ reason: "unreachable", jids: [ida], cause: new Error("no connection") });
    const second = new World();
    const other = await second.device(ida);
    world.lists.set(`${ida}/axolotl`, second.lists.get(`${ida}/axolotl`)!);
    for (const [key, bundle] of second.bundles) world.bundles.set(key, bundle);
    world.offline = false;
    expect(await other.read(await a.say([ben, ida], "back"), mia)).toBe("back");
  });

  test("whose server is away can be left out, and the others are not kept waiting for it", async () => {
    const { world, a, b } = await two();
    world.away = ida;
    const result = await a.omemo.encrypt([ben, ida], { body: "x" }, { partial: true });
    if (result.kind !== "encrypted") throw new Error(result.reason);
    expect(await b.omemo.decrypt(result.elements[0]!, mia)).toMatchObject({ plaintext: "x" });
    await b.omemo.settled();
    const asked = world.asked;
    await a.omemo.encrypt([ben, ida], { body: "y" }, { partial: true });
    expect(world.asked).toBe(asked);
  });

  test("oneself alone with no other device can't be encrypted for", async () => {
    const { a } = await two();
    expect(await a.omemo.encrypt([mia], { body: "x" })).toMatchObject({ reason: "no-devices", jids: [mia] });
  });
});
