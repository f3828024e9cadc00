import { afterEach, describe, expect, it, vi } from "vitest";
import { Archive } from "../archive.ts";
import { BEN, body, Desk, FAMILY, said, SEALED, spoken } from "../desk.ts";

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

/** Ben's words number `from` up to, not including, `to`: one each minute. */
function fill(archive: Archive, from: number, to: number): void {
  for (let number = from; number < to; number++)
    archive.add(`a${number}`, START + number * MINUTE, said(`m${number}`, body(`${number}`)));
}
const numbers = async (desk: Desk) => (await desk.kept()).map(({ text }) => Number(text));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

describe("where the last known message has left the archive", () => {
  it("goes on by time over however much was missed, and doubles nothing", async () => {
    const archive = new Archive();
    fill(archive, 0, 60);
    const desk = await Desk.open(undefined, archive);
    expect(await numbers(desk)).toEqual(range(0, 60));
    archive.entries = archive.entries.filter(({ id }) => id !== "a59");
    fill(archive, 60, 1000);
    await desk.again();
    expect(await numbers(desk)).toEqual(range(0, 1000));
    const { asked } = archive;
    await desk.again();
    expect(archive.asked).toBe(asked + 1);
    expect(await numbers(desk)).toEqual(range(0, 1000));
  });

  it("does so after the archive was emptied, and after a start from the store", async () => {
    const archive = new Archive();
    fill(archive, 0, 60);
    const { store } = await Desk.open(undefined, archive);
    archive.entries = [];
    fill(archive, 60, 700);
    const desk = await Desk.open(store, archive);
    expect(await numbers(desk)).toEqual(range(0, 700));
  });

  it("goes back by time where the oldest known one has gone, and what is older has not", async () => {
    const archive = new Archive();
    fill(archive, 0, 700);
    const desk = await Desk.open(undefined, archive);
    expect(await numbers(desk)).toEqual(range(300, 700));
    archive.entries = archive.entries.filter(({ id }) => id !== "a300");
    while (!(await desk.engine.history.older(BEN)).complete);
    expect(await numbers(desk)).toEqual(range(0, 700));
  });

  it("ends where nothing older is left", async () => {
    const archive = new Archive();
    fill(archive, 0, 700);
    const desk = await Desk.open(undefined, archive);
    archive.drop(400);
    expect(await desk.engine.history.older(BEN)).toEqual({ complete: true });
    expect(await numbers(desk)).toEqual(range(300, 700));
  });
});

describe("where an archive cannot be read for a moment", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("goes on with the history when somebody scrolls there again", async () => {
    const archive = new Archive();
    fill(archive, 0, 700);
    const desk = await Desk.open(undefined, archive);
    archive.away = true;
    expect(await desk.engine.history.older(BEN)).toEqual({ complete: false });
    archive.away = false;
    while (!(await desk.engine.history.older(BEN)).complete);
    expect(await numbers(desk)).toEqual(range(0, 700));
  });

  it("asks a group's again, and misses nothing that was said before the next live one", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const [desk, archive] = [await Desk.open(), new Archive()];
    desk.archives.set(FAMILY, archive);
    const say = (number: number) => spoken(`m${number}`, body(`${number}`));
    for (let number = 0; number < 5; number++)
      archive.add(`s-m${number}`, START + number * MINUTE, say(number));
    const row = desk.engine.chats.ensure(FAMILY, "group");
    Object.assign(row, { newest: "s-m0", newestAt: START });
    archive.away = true;
    const entered = desk.enter();
    await desk.until(() => vi.getTimerCount() > 1);
    await desk.hear(say(5));
    archive.add("s-m5", START + 5 * MINUTE, say(5));
    expect(row).toMatchObject({ newest: "s-m0", complete: false });
    archive.away = false;
    await vi.advanceTimersByTimeAsync(MINUTE);
    await entered;
    expect((await desk.kept(FAMILY)).map(({ text }) => Number(text)).sort()).toEqual(range(1, 6));
    expect(row).toMatchObject({ newest: "s-m5", complete: false });
  });
});

it.each([true, "remote-server-not-found", "internal-server-error"])(
  "a group whose archive cannot be read at all can be written to, and is read by the next session: %s",
  async (away) => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const [desk, archive] = [await Desk.open(), new Archive()];
    desk.archives.set(FAMILY, archive);
    const row = desk.engine.chats.ensure(FAMILY, "group");
    Object.assign(row, { newest: "s-m0", newestAt: START });
    archive.away = away;
    const entered = desk.enter();
    await desk.until(() => vi.getTimerCount() > 1);
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    await entered;
    vi.useRealTimers();
    expect(desk.engine.sync.upToDate(FAMILY)).toBe(true);
    await desk.hear(spoken("m9", body("9")));
    expect(row).toMatchObject({ newest: "s-m0", complete: false });
  },
);

it("a write that fails is made up for from the archive, with all that came before an encrypted message", async () => {
  const archive = new Archive();
  fill(archive, 0, 3);
  const desk = await Desk.open(undefined, archive);
  const write = vi.spyOn(desk.store, "write");
  write.mockRejectedValueOnce(new DOMException("no room", "QuotaExceededError"));
  const live = [said("m3", SEALED), said("m4", SEALED)];
  for (const [number, message] of live.entries())
    archive.add(`s-m${number + 3}`, START + (number + 3) * MINUTE, message);
  await desk.hear(...live);
  await desk.again();
  expect((await desk.kept()).map(({ mid }) => mid).sort()).toEqual(["m0", "m1", "m2", "m3", "m4"]);
  expect(desk.mirror.toasts.value).toHaveLength(1);
});
