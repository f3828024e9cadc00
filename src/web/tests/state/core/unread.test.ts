import { expect, it } from "vitest";
import { BEN, body, Desk, said } from "../desk.ts";

it("what comes is unread, although a clock was days ahead when somebody wrote here", async () => {
  const desk = await Desk.open();
  desk.engine.core.clock.offset = 5 * 86_400_000;
  await desk.say("Hi");
  desk.engine.core.clock.offset = 0;
  await desk.hear(said("1", body("Are you there?")), said("2", body("Hello?")));
  expect(desk.mirror.chats.value[0]).toMatchObject({ id: BEN, unread: 2 });
});
