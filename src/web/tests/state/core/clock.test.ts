import { afterEach, expect, it, vi } from "vitest";
import { Clock } from "../../../state/core/clock.ts";
import { BEN, body, Desk, OMA, said } from "../desk.ts";

const YEARS = 6 * 365 * 86_400_000;

afterEach(() => {
  vi.useRealTimers();
});

it("asks the server again when somebody has set the clock of this device", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const real = Date.now();
  const ask = vi.fn(() => Promise.resolve(real - Date.now()));
  const clock = new Clock(ask);
  vi.setSystemTime(real + YEARS);
  await clock.sync();
  expect(clock.now()).toBe(real);
  vi.setSystemTime(real);
  clock.now();
  await new Promise((resolve) => setImmediate(resolve));
  expect(clock.now()).toBe(real);
  expect(ask).toHaveBeenCalledTimes(2);
});

it("what is written by a clock that is years behind stands last all the same", async () => {
  const desk = await Desk.open();
  await desk.hear(said("1", body("Cake?")));
  desk.engine.core.clock.offset = -YEARS;
  await desk.do.send(BEN, "Yes!");
  await desk.do.send(BEN, "When?");
  expect((await desk.kept()).map(({ text }) => text)).toEqual(["Cake?", "Yes!", "When?"]);
});

it("what was written by a clock that was ahead, or long ago, stands where it was sent", async () => {
  const desk = await Desk.open();
  desk.cut();
  desk.engine.core.clock.offset = YEARS;
  await desk.do.send(BEN, "Cake?");
  await desk.do.send(BEN, "Today");
  desk.engine.core.clock.offset = 0;
  await desk.again();
  await desk.until(async () => (await desk.kept()).every(({ state }) => state === "sent"));
  await desk.hear(said("1", body("Yes!")));
  expect((await desk.kept()).map(({ text }) => text)).toEqual(["Cake?", "Today", "Yes!"]);
  expect(desk.mirror.chats.value[0]!.at).toBeLessThanOrEqual(Date.now());
});

it("what waited stands after what was said meanwhile", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const desk = await Desk.open();
  desk.cut();
  await desk.do.send(BEN, "Cake?");
  await desk.do.send(BEN, "Today");
  vi.setSystemTime(Date.now() + 2000);
  desk.archives.get(OMA)!.add("s-1", Date.now(), said("1", body("Who is coming?")));
  vi.setSystemTime(Date.now() + 2000);
  await desk.again();
  await desk.until(async () => (await desk.kept()).every(({ own, state }) => !own || state === "sent"));
  expect((await desk.kept()).map(({ text }) => text)).toEqual(["Who is coming?", "Cake?", "Today"]);
});

it("what had been said, unheard, before one wrote without a network is unread", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const desk = await Desk.open();
  await desk.hear(said("0", body("Hello")));
  desk.cut();
  vi.setSystemTime(Date.now() + 2000);
  desk.archives.get(OMA)!.add("s-1", Date.now(), said("1", body("Who is coming?")));
  vi.setSystemTime(Date.now() + 2000);
  await desk.do.send(BEN, "Cake?");
  desk.archives.get(OMA)!.add("s-0", Date.now() - 9000, said("0", body("Hello")));
  desk.archives.get(OMA)!.entries.reverse();
  await desk.again();
  await desk.until(async () => (await desk.kept()).length === 3);
  expect(desk.mirror.chats.value[0]).toMatchObject({ unread: 1 });
});
