import { expect, it } from "vitest";
import { Memory } from "../../../store/memory.ts";
import { BEN, body, Desk, said } from "../desk.ts";

const url = "https://kith.test/f/voice.m4a";
const voice = body(url) + `<x xmlns="jabber:x:oob"><url>${url}</url></x>`;
const shape = { duration: 14, waveform: [0, 50, 100] };

it("what was measured of a voice message is kept with it, and is there after a start", async () => {
  const store = new Memory();
  const desk = await Desk.open(store);
  await desk.hear(said("v1", voice));
  const { id } = (await desk.kept())[0]!;
  const view = desk.mirror.open(BEN);
  await view.end();
  await desk.do.measured(id, url, shape);
  expect(view.messages.value[0]!.attachment).toMatchObject(shape);

  const later = await Desk.open(store);
  const again = later.mirror.open(BEN);
  await again.end();
  expect(again.messages.value[0]!.attachment).toMatchObject({ url, ...shape });
});

it("is not kept with a message that brings something else by now, or nothing", async () => {
  const desk = await Desk.open();
  await desk.hear(said("v1", voice));
  const { id } = (await desk.kept())[0]!;
  await desk.do.measured(id, "https://kith.test/f/other.m4a", shape);
  expect((await desk.kept())[0]!.attachment!.waveform).toBeUndefined();
  await desk.hear(said("r1", `<retract xmlns="urn:xmpp:message-retract:1" id="v1"/>`));
  await desk.do.measured(id, url, shape);
  expect((await desk.kept())[0]!.attachment).toBeUndefined();
  await desk.do.measured("nobody", url, shape);
});
