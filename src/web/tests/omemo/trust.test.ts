import { describe, expect, test, vi } from "vitest";
import { acquainted, ben, mia, two } from "./family.ts";
import { World } from "./world.ts";

// Several people share the machine that this runs on.
vi.setConfig({ testTimeout: 60_000 });

describe("trust", () => {
  test("is blind until one key is verified; then new ones wait, and nothing is sent", async () => {
    const world = new World();
    const [a, b] = [await world.device(mia), await world.device(ben)];
    await a.say(ben, "believed");
    expect(await a.omemo.verify(await b.omemo.code())).toMatchObject({ conflicts: [] });
    expect(await a.omemo.keys(ben)).toMatchObject([{ trust: "verified", fingerprint: b.omemo.fingerprint }]);
    const second = await world.device(ben);
    await world.notify(ben, "axolotl");
    const refused = await a.omemo.encrypt([ben], { body: "x" });
    expect(refused).toMatchObject({
      kind: "refused",
      reason: "undecided",
      keys: [{ jid: ben, device: second.omemo.device, fingerprint: second.omemo.fingerprint }],
    });
    await a.omemo.setTrust(ben, second.omemo.fingerprint, "refused");
    const message = await a.say(ben, "not for all");
    expect(await second.read(message, mia)).toBe("(not-for-this-device)");
    await a.omemo.setTrust(ben, second.omemo.fingerprint, "verified");
    expect(await second.read(await a.say(ben, "for all"), mia)).toBe("for all");
  });

  test("of an undecided key is said with what it wrote", async () => {
    const { world, a, b } = await acquainted();
    await a.omemo.verify(await b.omemo.code());
    const stranger = await world.device(ben);
    const message = await stranger.say(mia, "it's me");
    const result = await a.omemo.decrypt(message.getChild("encrypted")!, ben);
    expect(result).toMatchObject({ plaintext: "it's me", trust: "undecided" });
  });

  test("a new key is said once, and whether it is a person's first", async () => {
    const { world, a, b } = await acquainted();
    await a.say(ben, "again");
    const { fingerprint, device } = b.omemo;
    const said = { kind: "new-key", jid: ben, trust: "trusted" };
    expect(a.events).toEqual([{ ...said, device, fingerprint, first: true }]);
    const second = await world.device(ben);
    await world.notify(ben, "axolotl");
    await a.say(ben, "to both");
    await a.say(ben, "to both again");
    expect(a.events.slice(1)).toEqual([
      { ...said, device: second.omemo.device, fingerprint: second.omemo.fingerprint, first: false },
    ]);
  });

  test("a code that contradicts a key that was believed makes it wait", async () => {
    const { a, b } = await acquainted();
    const other = "ab".repeat(32);
    const code = `xmpp:${ben}?omemo-sid-${String(b.omemo.device)}=${other}`;
    const result = await a.omemo.verify(code);
    expect(result!.conflicts).toMatchObject([{ device: b.omemo.device, fingerprint: b.omemo.fingerprint }]);
    expect(await a.omemo.encrypt([ben], { body: "x" })).toMatchObject({ reason: "undecided" });
  });

  test("both forms of a code verify, and list the own devices that were verified", async () => {
    const world = new World();
    const [a, desk, phone] = [await world.device(mia), await world.device(ben), await world.device(ben)];
    expect(await desk.omemo.keys(ben)).toHaveLength(2);
    expect((await desk.omemo.code()).split(";")).toHaveLength(1);
    await desk.omemo.verify(await phone.omemo.code());
    expect((await desk.omemo.code()).split(";")).toHaveLength(2);
    await a.omemo.verify(await desk.omemo.code("trust-message"));
    await a.say(ben, "hello");
    expect((await a.omemo.keys(ben)).map(({ trust }) => trust)).toEqual(["verified", "verified"]);
    await expect(a.omemo.verify("https://kith.example/")).resolves.toBeUndefined();
  });

  test("keys of devices never written to are looked up; one's own comes first", async () => {
    const { a, b } = await two();
    expect(await a.omemo.keys(ben)).toMatchObject([
      { device: b.omemo.device, fingerprint: b.omemo.fingerprint, active: true, own: false },
    ]);
    expect(await a.omemo.keys(mia)).toMatchObject([{ device: a.omemo.device, own: true, trust: "verified" }]);
    expect(a.omemo.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  test("a label is shown when its key signed it", async () => {
    const world = new World();
    const [a, b] = [await world.device(mia), await world.device(ben, "Kitchen tablet")];
    expect(await a.omemo.keys(ben)).toMatchObject([{ label: "Kitchen tablet" }]);
    const list = world.lists.get(`${ben}/omemo2`)!;
    list.getChildByAttr("id", String(b.omemo.device))!.attrs["label"] = "Stolen tablet";
    await world.notify(ben, "omemo2");
    expect((await a.omemo.keys(ben))[0]!.label).toBeUndefined();
  });
});
