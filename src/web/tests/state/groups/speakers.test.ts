import { expect, it } from "vitest";
import { Memory } from "../../../store/memory.ts";
import { put } from "../../../store/store.ts";
import { BEN, Desk, FAMILY } from "../desk.ts";

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

it("names them by what they call themselves, and those who are away, the longest name first", async () => {
  const store = new Memory();
  const known = { groups: [], subscription: "both", ask: false, asks: false };
  await store.write([
    put("people", { ...known, id: BEN, nick: "Benjamin", name: "Bear" }),
    put("people", { ...known, id: "maria@kith.test", nick: "Anna Maria" }),
  ]);
  const desk = await Desk.open(store);
  const row = desk.engine.chats.ensure(FAMILY, "group");
  row.group = { nick: "oma", closed: true, members: [BEN, "anna@kith.test", "maria@kith.test"] };
  void desk.engine.rooms.enter(row, true);
  const { occupants } = desk.engine.rooms.get(FAMILY)!;
  occupants.set("ben", { nick: "ben", address: BEN, affiliation: "member", role: "participant" });
  const named = (text: string) => desk.engine.speakers.mentioned(FAMILY, text);
  expect(named("@Benjamin and @ben")).toEqual([`xmpp:${BEN}`]);
  expect(named("@anna maria, come")).toEqual(["xmpp:maria@kith.test"]);
  expect(named("@Anna, come")).toEqual(["xmpp:anna@kith.test"]);
  // Only this person calls him so, and tells nobody.
  expect(named("@Bear")).toEqual([]);
});
