import { expect, it } from "vitest";
import { Archive } from "../archive.ts";
import { body, Desk, FAMILY, spoken } from "../desk.ts";

it("a group that was left says nothing more, whatever it sends", async () => {
  const [desk, archive] = [await Desk.open(), new Archive()];
  desk.archives.set(FAMILY, archive);
  await desk.enter();
  await desk.hear(spoken("1", body("Hello")));
  await desk.do.leaveGroup(FAMILY);
  await desk.hear(spoken("2", body("You cannot leave")));
  const row = desk.engine.chats.get(FAMILY)!;
  expect(row).toMatchObject({ hidden: true, unread: 1, newest: "s-1" });
  expect((await desk.kept(FAMILY)).map(({ text }) => text)).toEqual(["Hello"]);

  archive.add("s-1", Date.now(), spoken("1", body("Hello")));
  archive.add("s-2", Date.now(), spoken("2", body("You cannot leave")));
  desk.sent.length = 0;
  await desk.enter();
  expect(await desk.kept(FAMILY)).toHaveLength(2);
});

it("a group that is left before it has said what it is is not entered", async () => {
  const desk = await Desk.open();
  const row = desk.engine.chats.ensure(FAMILY, "group");
  const entered = desk.engine.rooms.enter(row);
  await desk.do.leaveGroup(FAMILY);
  await entered;
  const told = desk.sent.filter((one) => one.is("presence") && one.attrs.to?.startsWith(FAMILY));
  expect(told.map(({ attrs }) => attrs.type)).toEqual(["unavailable"]);
});
