import { describe, expect, test, vi } from "vitest";
import { parse } from "../../xmpp/xml.ts";
import { acquainted, ben, day, ida, isExchange, mia, minute, speaksOnly, two } from "./family.ts";

// Several people share the machine that this runs on.
vi.setConfig({ testTimeout: 60_000 });

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
