import { expect, it, vi } from "vitest";
import { Mirror } from "../../state/tabs/mirror.ts";
import { Archive } from "./archive.ts";
import { BEN, body, Desk, OMA } from "./desk.ts";

it("says that all chats are known when the box has told of them, and not before", async () => {
  const told = vi.spyOn(Mirror.prototype, "apply");
  const archive = new Archive();
  archive.add(
    "1",
    Date.now(),
    `<message type="chat" from="${BEN}/phone" to="${OMA}" id="a">${body("Hello")}</message>`,
  );
  const desk = await Desk.open(undefined, archive);
  await desk.until(() => desk.mirror.listed.value);
  const patches = told.mock.calls.map(([patch]) => patch);
  const first = (holds: (patch: (typeof patches)[number]) => boolean | undefined) => patches.findIndex(holds);
  const shown = first((patch) => patch.chats?.some((chat) => chat.id === BEN));
  expect(shown).toBeGreaterThanOrEqual(0);
  expect(first((patch) => patch.listed)).toBeGreaterThan(shown);
  expect(desk.engine.snapshot().listed).toBe(true);
});
