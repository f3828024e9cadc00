import { afterEach, expect, it, vi } from "vitest";
import { Clock } from "../../state/core/clock.ts";
import { BEN, body, Desk, said } from "./desk.ts";

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
