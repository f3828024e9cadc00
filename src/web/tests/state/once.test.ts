import { expect, it } from "vitest";
import { commands } from "../../state/commands.ts";
import { BEN, Desk } from "./desk.ts";

it("what is asked for once more by the same name is sent once", async () => {
  const desk = await Desk.open();
  const { send, sendFile } = commands(desk.engine);
  await desk.say("before");
  for (const id of ["one", "one", "two"]) await send(BEN, `words of ${id}`, { id });
  const file = { blob: new Blob(["x"]), name: "x.txt", kind: "file" as const };
  for (const id of ["three", "three"]) await sendFile(BEN, file, { id, caption: "look" });
  const kept = await desk.kept();
  expect(kept.map(({ id, text }) => [id, text]).slice(1)).toEqual([
    ["one", "words of one"],
    ["two", "words of two"],
    ["three", "look"],
  ]);
});
