import { describe, expect, test, vi } from "vitest";
import { hex } from "../../omemo/bytes.ts";
import type { OmemoTransaction, Version } from "../../omemo/index.ts";
import { parse, x, type Element } from "../../xmpp/xml.ts";
import { World, type Device } from "./world.ts";

// Several people share the machine that this runs on.
vi.setConfig({ testTimeout: 60_000 });

const [mia, ben, ida] = ["mia@kith.example", "ben@kith.example", "ida@kith.example"];
const minute = 60_000;
const day = 24 * 60 * minute;

const header = (message: Element): Element => message.getChild("encrypted")!.getChild("header")!;
const isExchange = (message: Element): boolean =>
  header(message)
    .getChildren("key")
    .some(({ attrs }) => attrs["prekey"] === "true");

/** Leaves a device on the list of that version alone, as apps publish that know only it. */
function speaksOnly(world: World, device: Device, version: Version): void {
  const other = version === "axolotl" ? "omemo2" : "axolotl";
  const list = world.lists.get(`${device.jid}/${other}`)!;
  list.remove(list.getChildByAttr("id", String(device.omemo.device))!);
}

async function two() {
  const world = new World();
  const [a, b] = [await world.device(mia), await world.device(ben)];
  return { world, a, b };
}

/** Two devices of which both have written. */
async function acquainted() {
  const { world, a, b } = await two();
  await b.read(await a.say(ben, "hello"), mia);
  await world.deliver();
  return { world, a, b };
}

test("a message and its answer are read, and the exchange is not repeated after the answer", async () => {
  const { a, b } = await two();
  const first = await a.say(ben, "hello");
  expect(isExchange(first)).toBe(true);
  expect(await b.read(first, mia)).toBe("hello");
  expect(await a.read(await b.say(mia, "there you are"), ben)).toBe("there you are");
  const second = await a.say(ben, "again");
  expect(isExchange(second)).toBe(false);
  expect(await b.read(second, mia)).toBe("again");
});

test("who is written to first says so, and the exchange ends though nobody writes", async () => {
  const { world, a, b } = await two();
  await b.read(await a.say(ben, "hello"), mia);
  expect(await world.deliver()).toBe(1);
  expect(isExchange(await a.say(ben, "again"))).toBe(false);
});

test("a message says to servers what it is, and to keep it", async () => {
  const { a } = await two();
  const message = await a.say(ben, "hello");
  expect(message.getChild("encryption", "urn:xmpp:eme:0")!.attrs["namespace"]).toBe(
    "eu.siacs.conversations.axolotl",
  );
  expect(message.getChild("store", "urn:xmpp:hints")).toBeDefined();
  expect(message.toString()).not.toContain("hello");
});

test("in a group everybody's every device reads it, the content is there once", async () => {
  const world = new World();
  const speaker = await world.device(mia);
  const readers = [
    await world.device(mia),
    await world.device(ben),
    await world.device(ben),
    await world.device(ida),
  ];
  const room = "family@groups.kith.example";
  const message = await speaker.say([ben, ida, mia], "supper!", room);
  expect(message.getChildren("encrypted")).toHaveLength(1);
  expect(header(message).getChildren("key")).toHaveLength(4);
  for (const reader of readers) expect(await reader.read(message, mia, room)).toBe("supper!");
  expect(await speaker.read(message, mia, room)).toBe("(own-device)");
});

test("a device that only speaks omemo:2 is written to beside the others", async () => {
  const world = new World();
  const a = await world.device(mia);
  const [old, young] = [await world.device(ben), await world.device(ben)];
  speaksOnly(world, old, "axolotl");
  speaksOnly(world, young, "omemo2");
  const message = await a.say(ben, "hello");
  expect(message.getChildren("encrypted").map((child) => child.getNS())).toEqual([
    "eu.siacs.conversations.axolotl",
    "urn:xmpp:omemo:2",
  ]);
  expect(await old.read(message, mia)).toBe("hello");
  expect(await young.read(message, mia)).toBe("hello");
});

test("omemo:2 carries more than a body, and keeps out what only servers may say", async () => {
  const { world, a, b } = await two();
  speaksOnly(world, b, "omemo2");
  const reaction = x("reactions", { xmlns: "urn:xmpp:reactions:0", id: "x" }, x("reaction", {}, "🥐"));
  const result = await a.omemo.encrypt([ben], {
    elements: [reaction, x("stanza-id", { xmlns: "urn:xmpp:sid:0", id: "forged", by: ben })],
  });
  if (result.kind !== "encrypted") throw new Error(result.reason);
  const read = await b.omemo.decrypt(parse(result.elements[0]!.toString()), mia);
  if (read.kind === "unreadable") throw new Error(read.detail);
  expect(read.content!.getChildElements().map((child) => child.getName())).toEqual(["reactions"]);
  expect(read.plaintext).toBeUndefined();
  expect(read.sentAt).toEqual(new Date(world.now));
});

test("what is only for omemo:2 is refused where somebody has axolotl alone", async () => {
  const { world, a, b } = await two();
  speaksOnly(world, b, "axolotl");
  expect(await a.omemo.encrypt([ben], { elements: [x("receipt")] })).toEqual({
    kind: "refused",
    reason: "no-devices",
    jids: [ben],
    skipped: [{ jid: ben, device: b.omemo.device, version: "axolotl", why: "body-only" }],
  });
});

test("another own device reads what this one wrote to somebody", async () => {
  const world = new World();
  const [a, mine, b] = [await world.device(mia), await world.device(mia), await world.device(ben)];
  speaksOnly(world, mine, "omemo2");
  await a.omemo.onDeviceList(mia, "axolotl", world.list(mia, "axolotl"));
  const message = await a.say(ben, "hello");
  const copy = mine.omemo.pick(message)!;
  expect(await mine.omemo.decrypt(copy, mia, { to: ida })).toMatchObject({ reason: "forged" });
  expect(await mine.omemo.decrypt(copy, mia, { to: ben })).toMatchObject({ plaintext: "hello" });
  expect(await b.read(message, mia)).toBe("hello");
});

test("both write first at the same time", async () => {
  const { world, a, b } = await two();
  const both = [await a.say(ben, "a"), await b.say(mia, "b")] as const;
  expect(await b.read(both[0], mia)).toBe("a");
  expect(await a.read(both[1], ben)).toBe("b");
  await world.deliver();
  for (let i = 0; i < 3; i++) {
    const more = [await a.say(ben, "a"), await b.say(mia, "b")] as const;
    expect(await b.read(more[0], mia)).toBe("a");
    expect(await a.read(more[1], ben)).toBe("b");
  }
  expect([...a.unreadable, ...b.unreadable]).toEqual([]);
});

describe("what can't be read", () => {
  test("says why: twice, not for us, from before us", async () => {
    const { world, a, b } = await two();
    const message = await a.say(ben, "hello");
    expect(await b.read(message, mia)).toBe("hello");
    expect(await b.read(message, mia)).toBe("(duplicate)");
    world.now += day;
    const late = await world.device(ben);
    expect(await late.read(message, mia)).toBe("(not-for-this-device)");
    const encrypted = message.getChild("encrypted")!;
    expect(await late.omemo.decrypt(encrypted, mia, { at: new Date(world.now - 1) })).toMatchObject({
      reason: "from-before",
    });
  });

  test("a payload that was changed on its way changes nothing: the true one is read after it", async () => {
    for (const version of ["axolotl", "omemo2"] as const) {
      const { world, a, b } = await two();
      speaksOnly(world, b, version);
      const message = await a.say(ben, "hello");
      const changed = parse(message.toString());
      const payload = changed.getChild("encrypted")!.getChild("payload")!;
      payload.children = [payload.getText().replace(/^./, (letter) => (letter === "A" ? "B" : "A"))];
      expect(await b.read(changed, mia)).toBe("(broken)");
      await b.omemo.settled();
      expect(world.sent).toEqual([]);
      expect(await b.read(message, mia)).toBe("hello");
    }
  });

  test("a message in somebody else's name, or moved into or out of a group, is forged", async () => {
    const { world, a, b } = await two();
    speaksOnly(world, b, "omemo2");
    const room = "family@groups.kith.example";
    const [inRoom, alone] = [await a.say(ben, "x", room), await a.say(ben, "y")];
    expect(await b.read(alone, ida)).toBe("(forged)");
    expect(await b.read(inRoom, mia)).toBe("(forged)");
    expect(await b.read(inRoom, mia, "other@groups.kith.example")).toBe("(forged)");
    expect(await b.read(alone, mia, room)).toBe("(forged)");
    expect(await b.read(alone, mia)).toBe("y");
    expect(await b.read(inRoom, mia, room)).toBe("x");
  });

  test.each([
    ["nothing", "<encrypted xmlns='eu.siacs.conversations.axolotl'/>"],
    ["another element", "<message/>"],
    ["an absurd sender", "<encrypted xmlns='urn:xmpp:omemo:2'><header sid='-1'/></encrypted>"],
  ])("%s is broken, and nothing comes of it", async (_, text) => {
    const { world, b } = await two();
    expect(await b.omemo.decrypt(parse(text), mia)).toMatchObject({ kind: "unreadable", reason: "broken" });
    await b.omemo.settled();
    expect(world.sent).toEqual([]);
  });

  test("a session that one side lost is begun anew by the other, at most once an hour", async () => {
    const { world, a, b } = await acquainted();
    await b.store.run((transaction) =>
      transaction.delete("sessions", `${mia}/${String(a.omemo.device)}/axolotl`),
    );
    expect(await b.read(await a.say(ben, "lost"), mia)).toBe("(broken)");
    expect(await b.read(await a.say(ben, "lost too"), mia)).toBe("(broken)");
    await b.omemo.settled();
    expect(world.sent).toHaveLength(1);
    expect(isExchange(world.sent[0]!.message)).toBe(true);
    const lost = world.sent.splice(0);
    world.now += 59 * minute;
    expect(await b.read(await a.say(ben, "lost as well"), mia)).toBe("(broken)");
    await b.omemo.settled();
    expect(world.sent).toEqual([]);
    world.sent.push(...lost);
    await world.deliver();
    expect(await b.read(await a.say(ben, "well again"), mia)).toBe("well again");
  });

  test("a device that is on no list gets no new session", async () => {
    const { world, a, b } = await acquainted();
    await b.store.run((transaction) =>
      transaction.delete("sessions", `${mia}/${String(a.omemo.device)}/axolotl`),
    );
    speaksOnly(world, a, "omemo2");
    await world.notify(mia, "axolotl");
    world.devices.length = 0;
    expect(await b.read(await a.say(ben, "x"), mia)).toBe("(broken)");
    await b.omemo.settled();
    expect(world.sent.filter(({ from }) => from === ben)).toEqual([]);
  });

  test("in omemo:2 a damaged session waits for a person to renew it", async () => {
    const { world, a, b } = await two();
    speaksOnly(world, a, "omemo2");
    speaksOnly(world, b, "omemo2");
    await b.read(await a.say(ben, "hello"), mia);
    await world.deliver();
    const key = `${mia}/${String(a.omemo.device)}/omemo2`;
    await b.store.run(async (transaction) => {
      const sessions = (await transaction.get("sessions", key))!;
      const ratchet = { ...sessions.current!.ratchet, root: new Uint8Array(32), receiving: undefined! };
      await transaction.put("sessions", key, { ...sessions, current: { ...sessions.current!, ratchet } });
    });
    expect(await b.read(await a.say(ben, "lost"), mia)).toBe("(broken)");
    await b.omemo.settled();
    expect(world.sent).toEqual([]);
    await b.omemo.renew(mia);
    await world.deliver();
    expect(await b.read(await a.say(ben, "well again"), mia)).toBe("well again");
  });
});

describe("one transaction", () => {
  test("holds a message and the session that read it", async () => {
    const { a, b } = await two();
    const message = await a.say(ben, "hello");
    const encrypted = message.getChild("encrypted")!;
    const full = (): Promise<void> => Promise.reject(new Error("the disk is full"));
    await expect(b.omemo.decrypt(encrypted, mia, { commit: full })).rejects.toThrow("the disk is full");
    const texts: string[] = [];
    const result = await b.omemo.decrypt(encrypted, mia, {
      commit: async (_: OmemoTransaction, { plaintext }) => {
        await Promise.resolve();
        texts.push(plaintext!);
      },
    });
    expect(result).toMatchObject({ kind: "message", keyExchange: true, trust: "trusted" });
    expect(texts).toEqual(["hello"]);
  });

  test("holds what is sent and the session that encrypted it", async () => {
    const { a, b } = await acquainted();
    const full = (): Promise<void> => Promise.reject(new Error("the disk is full"));
    await expect(a.omemo.encrypt([ben], { body: "x" }, { commit: full })).rejects.toThrow("the disk is full");
    const key = `${ben}/${String(b.omemo.device)}/axolotl`;
    const chain = async (): Promise<number> =>
      (await a.store.run((transaction) => transaction.get("sessions", key)))!.current!.ratchet.sending?.n ??
      0;
    const before = await chain();
    await a.say(ben, "y");
    expect(await chain()).toBe(before + 1);
  });

  test("many at once come one after another", async () => {
    const { a, b } = await acquainted();
    const messages = await Promise.all(Array.from({ length: 20 }, (_, i) => a.say(ben, String(i))));
    const texts = await Promise.all(messages.map((message) => b.read(message, mia)));
    expect(texts).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
  });
});

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

  test("another own device can be forgotten, and this one can retire", async () => {
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
    await a.omemo.retire();
    expect(world.list(mia, "axolotl")!.children).toEqual([]);
    expect([...world.bundles.keys()]).toEqual([]);
    expect(await a.store.run((transaction) => transaction.list("own", ""))).toEqual([]);
  });
});

test("identities differ from device to device", async () => {
  const { a, b } = await two();
  expect(a.omemo.fingerprint).not.toBe(b.omemo.fingerprint);
  const own = await a.store.run((transaction) => transaction.get("own", "device"));
  expect(hex(own!.identity.montgomery.public)).toBe(a.omemo.fingerprint);
});
