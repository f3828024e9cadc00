import "fake-indexeddb/auto";
import { afterEach, expect, it, vi } from "vitest";
import { openIndexed } from "../../../store/indexed.ts";
import { BEN, Desk } from "../desk.ts";

afterEach(() => {
  vi.useRealTimers();
});

it("what waits goes in its order after a restart, whatever the clock said", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const store = await openIndexed("outbox");
  const before = await Desk.open(store);
  before.cut();
  const texts = Array.from({ length: 20 }, (_, number) => `word ${number}`);
  await Promise.all(texts.slice(0, 15).map((text) => before.do.send(BEN, text)));
  vi.setSystemTime(Date.now() - 3_600_000);
  for (const text of texts.slice(15)) await before.do.send(BEN, text);

  const after = await Desk.open(store);
  const bodies = () => after.sent.flatMap((one) => one.getChildText("body") ?? []);
  await after.until(() => bodies().length === texts.length);
  expect(bodies()).toEqual(texts);
});
