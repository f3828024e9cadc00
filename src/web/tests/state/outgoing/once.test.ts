import { expect, it } from "vitest";
import { Archive } from "../archive.ts";
import { commands } from "../../../state/commands.ts";
import { BEN, Desk, FAMILY, spoken } from "../desk.ts";

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

it("what a room gives another id is one message, and is not sent again", async () => {
  const desk = await Desk.open();
  desk.archives.set(FAMILY, new Archive());
  await desk.enter();
  await desk.do.send(FAMILY, "once");
  const sent = () => desk.sent.filter((one) => one.getChildText("body") === "once");
  await desk.until(() => sent().length > 0);
  const { id } = sent()[0]!.attrs;
  const echo = spoken("rewritten", `<body>once</body><origin-id xmlns="urn:xmpp:sid:0" id="${id}"/>`);
  await desk.hear(echo.replace(`${FAMILY}/Ben`, `${FAMILY}/Oma`));
  expect(await desk.kept(FAMILY)).toMatchObject([{ id, state: "sent", stanzaId: "s-rewritten" }]);
  expect(desk.engine.outbox.has(id!)).toBe(false);
});
