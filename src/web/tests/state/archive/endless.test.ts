import { expect, it, vi } from "vitest";
import type { Page } from "../../../proto/mam.ts";
import { Archive } from "../archive.ts";
import { BEN, body, Desk, FAMILY, said, spoken, stanza } from "../desk.ts";

const START = Date.UTC(2026, 0, 1);

/** An archive whose pages of one message never end. */
function endless(desk: Desk) {
  let number = 0;
  return vi.spyOn(desk.engine.core.archives, "page").mockImplementation(() => {
    const id = `x${++number}`;
    const message = stanza(spoken(id, body(`spam ${number}`)));
    const page: Page = { complete: false, first: id, last: id, messages: [{ id, at: Date.now(), message }] };
    return Promise.resolve(page);
  });
}

it("an archive without end is read for so long, and goes on from there in the next session", async () => {
  const desk = await Desk.open();
  const row = desk.engine.chats.ensure(FAMILY, "group");
  Object.assign(row, { newest: "x0", newestAt: START });
  const page = endless(desk);
  await desk.enter();
  expect(page).toHaveBeenCalledTimes(100);
  await desk.hear(spoken("live", body("now")));
  expect(row.newest).toBe("x100");
});

it("an archive that gives the same page for ever is at its end", async () => {
  const desk = await Desk.open();
  Object.assign(desk.engine.chats.ensure(FAMILY, "group"), { newest: "x0", newestAt: START });
  const page = endless(desk);
  page.mockResolvedValue({ complete: false, first: "x1", last: "x1", messages: [] });
  await desk.enter();
  expect(page).toHaveBeenCalledTimes(2);
});

it("a room whose pages bring nothing keeps no search from the other chats", async () => {
  const archive = new Archive();
  for (let number = 0; number < 500; number++)
    archive.add(`a${number}`, START + number * 1000, said(`m${number}`, body(number ? "words" : "cake")));
  const desk = await Desk.open(undefined, archive);
  desk.archives.set(FAMILY, new Archive());
  await desk.enter();
  const row = desk.engine.chats.get(FAMILY)!;
  await desk.hear(spoken("1", body("Hello")));
  row.complete = false;
  const { archives } = desk.engine.core;
  const ask = archives.page.bind(archives);
  vi.spyOn(archives, "page").mockImplementation((query) =>
    query.archive === FAMILY
      ? Promise.resolve({ complete: false, first: "s-1", last: "s-1", messages: [] })
      : ask(query),
  );
  const found = [];
  for (let step = 0; step < 8; step++) found.push(...(await desk.do.lookBack("cake")).found);
  expect(found).toMatchObject([{ chat: BEN, text: "cake" }]);
});
