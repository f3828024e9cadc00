import { describe, expect, test, vi } from "vitest";
import { hex } from "../../omemo/bytes.ts";
import type { OmemoTransaction } from "../../omemo/index.ts";
import { parse, x } from "../../xmpp/xml.ts";
import { acquainted, ben, header, ida, isExchange, mia, speaksOnly, two } from "./family.ts";
import { World } from "./world.ts";

// Several people share the machine that this runs on.
vi.setConfig({ testTimeout: 60_000 });

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

test("identities differ from device to device", async () => {
  const { a, b } = await two();
  expect(a.omemo.fingerprint).not.toBe(b.omemo.fingerprint);
  const own = await a.store.run((transaction) => transaction.get("own", "device"));
  expect(hex(own!.identity.montgomery.public)).toBe(a.omemo.fingerprint);
});
