import "fake-indexeddb/auto";
import { describe, expect, it, vi } from "vitest";
import { openIndexed } from "../../../store/indexed.ts";
import { Memory } from "../../../store/memory.ts";
import type { OrphanRow } from "../../../store/records.ts";
import { BEN, body, Desk, OMA, said } from "../desk.ts";

const react = (id: string, to: string, emoji = "🎂") =>
  said(id, `<reactions xmlns="urn:xmpp:reactions:0" id="${to}"><reaction>${emoji}</reaction></reactions>`);
const DAY = 86_400_000;

describe.each([
  ["memory", () => Promise.resolve(new Memory())],
  ["IndexedDB", () => openIndexed("orphans")],
])("what is said of a message that is not here yet, in %s", (_name, open) => {
  it("waits for that message alone, and is looked for by its name", async () => {
    const desk = await Desk.open(await open());
    await desk.engine.messages.tidy();
    const all = vi.spyOn(desk.store, "all");
    await desk.hear(react("r1", "late"), react("r2", "never"), said("other", body("Something else")));
    expect(await desk.store.waiting(BEN, "late")).toHaveLength(1);
    await desk.hear(said("late", body("Cake?")));
    const late = (await desk.kept()).at(-1);
    expect(late).toMatchObject({ text: "Cake?", reactions: { [BEN]: { emojis: ["🎂"] } } });
    expect(await desk.store.waiting(BEN, "late")).toEqual([]);
    expect(await desk.store.waiting(BEN, "never")).toHaveLength(1);
    expect(all).not.toHaveBeenCalled();
  });

  it("is not undone by what was said before it and is read after it", async () => {
    const desk = await Desk.open(await open());
    const reactions = (id: string, emojis: string) =>
      `<message type="chat" from="${BEN}/phone" to="${OMA}" id="${id}">` +
      `<reactions xmlns="urn:xmpp:reactions:0" id="felt">${emojis}</reactions></message>`;
    const felt = `<message type="chat" from="${OMA}/desk" to="${BEN}" id="felt"><body>Cake?</body></message>`;
    await desk.found({ old: true }, [3, reactions("back", "")]);
    await desk.found({ old: true }, [1, felt], [2, reactions("cake", "<reaction>🎂</reaction>")]);
    const view = desk.mirror.open(BEN);
    await desk.until(() => view.messages.value.some(({ text }) => text === "Cake?"));
    expect(view.messages.value.find(({ text }) => text === "Cake?")?.reactions).toEqual([]);
  });
});

describe("what waits for a message that never comes", () => {
  it("is forgotten after a month", async () => {
    const desk = await Desk.open();
    await desk.hear(react("r1", "never"));
    await desk.engine.messages.tidy(Date.now() + 29 * DAY);
    expect(await desk.store.all("orphans")).toHaveLength(1);
    await desk.engine.messages.tidy(Date.now() + 31 * DAY);
    expect(await desk.store.all("orphans")).toEqual([]);
  });

  it("is never more than a bounded number, of which the newest stay", async () => {
    const desk = await Desk.open();
    for (let number = 0; number < 1400; number++) await desk.hear(react(`r${number}`, `never${number}`));
    await desk.engine.messages.tidy();
    const rows = await desk.store.all<OrphanRow>("orphans");
    expect(rows).toHaveLength(1000);
    expect(rows.some(({ ref }) => ref === "never1399")).toBe(true);
  });

  it("is thinned out while the session lasts", async () => {
    const desk = await Desk.open();
    const flood = Array.from({ length: 3000 }, (_, number) => react(`r${number}`, `never${number}`));
    await desk.hear(...flood);
    await desk.engine.messages.change(() => Promise.resolve());
    expect((await desk.store.all("orphans")).length).toBeLessThan(1500);
  });
});
