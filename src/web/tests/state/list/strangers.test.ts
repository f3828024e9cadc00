import { describe, expect, it } from "vitest";
import { body, Desk, FAMILY, said, SEALED } from "../desk.ts";

const FAR = "mallory@far.example";
const USER = `<x xmlns="http://jabber.org/protocol/muc#user"/>`;

const chats = (desk: Desk) =>
  Object.fromEntries(desk.mirror.chats.value.map(({ id, request }) => [id, request]));

describe("a stranger", () => {
  it("is asked about once, however they say that they speak through a group", async () => {
    const desk = await Desk.open();
    await desk.hear(said("1", body("Hi") + USER, `${FAR}/Mama`), said("2", body("Hi") + USER, `${FAR}/Papa`));
    expect(chats(desk)).toEqual({ [FAR]: true });
  });

  it("is asked about too after words from before this device was there", async () => {
    const desk = await Desk.open();
    desk.engine.encryption.open = async (_, then) => desk.store.write(await then({ kind: "before" }));
    await desk.hear(said("1", SEALED, FAR), said("2", body("Hi"), FAR));
    expect(chats(desk)).toEqual({ [FAR]: true });
  });

  it("is none in a group that we are in, and one where we have left it or are only asked in", async () => {
    const desk = await Desk.open();
    const row = desk.engine.chats.ensure(FAMILY, "group");
    const rooms = { ours: false, asked: true, left: true };
    for (const [nick, request] of Object.entries(rooms)) {
      await desk.engine.chats.save(row, { hidden: nick === "left", request: nick === "asked" });
      await desk.hear(said(nick, body("Psst") + USER, `${FAMILY}/${nick}`));
      expect(chats(desk)[`${FAMILY}/${nick}`]).toBe(request);
    }
  });
});
