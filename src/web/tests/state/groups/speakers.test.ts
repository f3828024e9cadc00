import { expect, it } from "vitest";
import { Desk, FAMILY } from "../desk.ts";

it("names people with an @ by any nick, also one that means something in a pattern", async () => {
  const desk = await Desk.open();
  const row = desk.engine.chats.ensure(FAMILY, "group");
  void desk.engine.rooms.enter(row, true);
  const { occupants } = desk.engine.rooms.get(FAMILY)!;
  for (const nick of ["Anne-Marie", "Jo", "(a|b)*", "[\\]^$.+?{}/"])
    occupants.set(nick, { nick, affiliation: "member", role: "participant" });
  const named = (text: string) =>
    desk.engine.speakers.mentioned(FAMILY, text).map((uri) => uri.slice(`xmpp:${FAMILY}/`.length));
  expect(named("@Anne-Marie, @John and @(a|b)*?")).toEqual(["Anne-Marie", "(a|b)*"]);
  expect(named("@[\\]^$.+?{}/ too")).toEqual(["[\\]^$.+?{}/"]);
});
