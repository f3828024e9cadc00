import { expect, it } from "vitest";
import { BEN, body, Desk, said } from "../desk.ts";

it("a chat that was taken out of the list comes back as it was", async () => {
  const desk = await Desk.open(undefined, undefined, [BEN]);
  await desk.hear(said("1", body("Hello")), said("2", body("Are you there?")));
  await desk.do.draft(BEN, "Just a");
  const before = desk.mirror.chats.value;
  expect(before[0]).toMatchObject({ unread: 2, draft: "Just a" });

  await desk.do.hide(BEN, true);
  expect(desk.mirror.chats.value).toEqual([]);
  await desk.do.hide(BEN, false);
  expect(desk.mirror.chats.value).toEqual(before);
  const view = desk.mirror.open(BEN);
  await view.end();
  expect(view.messages.value.map(({ text }) => text)).toEqual(["Hello", "Are you there?"]);
});

it("is found by what was said in it, under its name", async () => {
  const desk = await Desk.open(undefined, undefined, [BEN]);
  await desk.hear(said("1", body("Hello")));
  expect((await desk.do.search("hello"))[0]!.stowed).toBeUndefined();
  await desk.do.hide(BEN, true);
  const [found] = await desk.do.search("hello");
  expect(found).toMatchObject({ chat: BEN, stowed: "Ben" });
});

it("stays away where it was left meanwhile", async () => {
  const desk = await Desk.open(undefined, undefined, [BEN]);
  await desk.hear(said("1", body("Hello")));
  await desk.do.hide(BEN, true);
  await desk.engine.chats.close(BEN);
  await desk.do.hide(BEN, false);
  expect(desk.mirror.chats.value).toEqual([]);
});
