import { describe, expect, it } from "vitest";
import { Archive } from "../archive.ts";
import { BEN, body, Desk, said } from "../desk.ts";

const START = Date.UTC(2025, 0, 1);
const DAY = 86_400_000;
const MIA = "mia@kith.test";

/** Years of words of Ben and now and then of Mia; the oldest of each speak of a lighthouse. */
function years(count: number): Archive {
  const archive = new Archive();
  for (let number = 0; number < count; number++) {
    const words = number < 2 ? `The lighthouse, ${number}` : `number ${number}`;
    const message = said(`m${number}`, body(words));
    archive.add(
      `a${number}`,
      START + number * DAY,
      number % 10 === 1 ? message.replaceAll(BEN, MIA) : message,
    );
  }
  return archive;
}

async function until(
  desk: Desk,
  chat?: string,
): Promise<{ texts: string[]; since: number[]; steps: number }> {
  const [texts, since]: [string[], number[]] = [[], []];
  for (let steps = 1; ; steps++) {
    const step = await desk.do.lookBack("lighthouse", chat);
    texts.push(...step.found.map(({ text }) => text));
    if (step.since !== undefined) since.push(step.since);
    if (step.end || steps > 50) return { texts, since, steps };
  }
}

describe("a search beyond what is here", () => {
  it("reads all chats back to the same day, until there is no more, each page once", async () => {
    const desk = await Desk.open(undefined, years(900));
    expect(await desk.do.search("lighthouse")).toEqual([]);
    const { texts, since, steps } = await until(desk);
    expect(texts.sort()).toEqual(["The lighthouse, 0", "The lighthouse, 1"]);
    expect(since).toEqual(since.toSorted((a, b) => b - a));
    expect(steps).toBeLessThan(12);
    expect((await desk.do.search("lighthouse")).map(({ chat }) => chat)).toEqual([MIA, BEN]);
    expect(await desk.kept()).toHaveLength(810);
  });

  it("reads one chat alone where it is asked for that one", async () => {
    const desk = await Desk.open(undefined, years(900));
    const before = (await desk.kept(MIA)).length;
    const { texts } = await until(desk, BEN);
    expect(texts).toEqual(["The lighthouse, 0"]);
    expect(await desk.kept(MIA)).toHaveLength(before);
  });

  it("counts nothing as unread of what it brings", async () => {
    const desk = await Desk.open(undefined, years(900));
    const unread = () => desk.mirror.chats.value.map((chat) => chat.unread);
    const before = unread();
    await until(desk);
    expect(unread()).toEqual(before);
  });

  it("says so where the box cannot be reached, and asks nothing", async () => {
    const archive = years(900);
    const desk = await Desk.open(undefined, archive);
    const { asked } = archive;
    desk.cut();
    expect(await desk.do.lookBack("lighthouse")).toEqual({ found: [], end: "offline" });
    expect(archive.asked).toBe(asked);
  });

  it("has nothing to do where all of it is here", async () => {
    const desk = await Desk.open(undefined, years(20));
    expect(await desk.do.lookBack("lighthouse")).toEqual({ found: [], end: "whole" });
    expect(await desk.do.search("lighthouse")).toHaveLength(2);
  });
});
