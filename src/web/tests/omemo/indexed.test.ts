import { expect, test, vi } from "vitest";
import { Omemo } from "../../omemo/index.ts";
import { IndexedStore, answer } from "./indexed.ts";
import { World } from "./world.ts";

// Several people share the machine that this runs on.
vi.setConfig({ testTimeout: 60_000 });

const [mia, ben] = ["mia@kith.example", "ben@kith.example"];

/** A transaction of IndexedDB ends when nothing is asked of it for a moment: the library must never wait for anything else. */
test("everything that the library does lives inside of IndexedDB's transactions", async () => {
  const world = new World();
  const a = await world.device(mia);
  const store = new IndexedStore();
  const self = { jid: ben, now: () => world.now };
  const omemo = new Omemo(store, world.wire(ben), self);
  await omemo.start();
  omemo.caughtUp();
  await omemo.settled();

  const message = await a.say(ben, "hello");
  const result = await omemo.decrypt(message.getChild("encrypted")!, mia, {
    commit: async ({ inner }, { plaintext }) => {
      await answer(inner.objectStore("messages").put({ plaintext }, "1"));
    },
  });
  expect(result).toMatchObject({ kind: "message", plaintext: "hello" });
  await omemo.settled();
  const kept = await store.run(({ inner }) => answer(inner.objectStore("messages").get("1")));
  expect(kept).toEqual({ plaintext: "hello" });

  const sent = await omemo.encrypt(
    [mia],
    { body: "answer" },
    {
      commit: async ({ inner }, { elements }) => {
        await answer(inner.objectStore("messages").put({ outbox: elements.map(String) }, "2"));
      },
    },
  );
  if (sent.kind !== "encrypted") throw new Error(sent.reason);
  expect(await a.omemo.decrypt(sent.elements[0]!, ben)).toMatchObject({ plaintext: "answer" });

  const again = new Omemo(store, world.wire(ben), self);
  await again.start();
  expect(again.fingerprint).toBe(omemo.fingerprint);
  const next = await a.say(ben, "after a reload");
  const read = await again.decrypt(next.getChild("encrypted")!, mia);
  expect(read).toMatchObject({ plaintext: "after a reload" });
  expect(await again.keys(mia)).toMatchObject([{ fingerprint: a.omemo.fingerprint, trust: "trusted" }]);
  await again.verify(await a.omemo.code());
});

test("a message and its session are both gone when the disk refuses one", async () => {
  const world = new World();
  const a = await world.device(mia);
  const store = new IndexedStore();
  const omemo = new Omemo(store, world.wire(ben), { jid: ben });
  await omemo.start();
  const encrypted = (await a.say(ben, "hello")).getChild("encrypted")!;
  const full = (): Promise<never> => Promise.reject(new Error("the disk is full"));
  await expect(omemo.decrypt(encrypted, mia, { commit: full })).rejects.toThrow("the disk is full");
  expect(await store.run((transaction) => transaction.list("sessions", ""))).toEqual([]);
  expect(await omemo.decrypt(encrypted, mia)).toMatchObject({ plaintext: "hello" });
});
