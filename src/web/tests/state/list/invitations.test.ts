import { expect, it } from "vitest";
import { x, type Element } from "../../../xmpp/xml.ts";
import { BEN, Desk, said } from "../desk.ts";

const CLUB = "club@rooms.far.example";
const invite = (id: string, from?: string) =>
  said(id, `<x xmlns="jabber:x:conference" jid="${CLUB}"/>`, from);
const asking = (desk: Desk) => desk.mirror.chats.value.filter(({ request }) => request);
const probes = (desk: Desk) => desk.asked.filter(({ attrs }) => attrs.to === CLUB);

it("an invitation by a stranger is shown, and nobody at the server that it names hears of us", async () => {
  const desk = await Desk.open();
  await desk.hear(invite("1", "mallory@far.example/x"));
  await desk.until(() => asking(desk).length > 0);
  expect(asking(desk)).toMatchObject([{ id: CLUB, kind: "group", name: "Club" }]);
  expect(probes(desk)).toEqual([]);
});

it("one by a contact asks what it is", async () => {
  const desk = await Desk.open(undefined, undefined, [BEN]);
  await desk.hear(invite("1"));
  expect(probes(desk)).toHaveLength(1);
});

it("one that was followed on another device while it was looked at is no request", async () => {
  const desk = await Desk.open(undefined, undefined, [BEN]);
  let answer: ((info: Element) => void) | undefined;
  desk.engine.core.stream.request = () => new Promise((resolve) => (answer = resolve));
  await desk.hear(invite("1"));
  await desk.until(() => answer !== undefined);
  await desk.engine.chats.save(desk.engine.chats.ensure(CLUB, "group"), { at: Date.now() });
  answer!(
    x(
      "iq",
      {},
      x(
        "query",
        { xmlns: "http://jabber.org/protocol/disco#info" },
        x("identity", { category: "conference", type: "text", name: "Club" }),
      ),
    ),
  );
  const later = "later@rooms.far.example";
  await desk.hear(said("2", `<x xmlns="jabber:x:conference" jid="${later}"/>`, "mallory@far.example/x"));
  await desk.until(() => asking(desk).some(({ id }) => id === later));
  expect(asking(desk).map(({ id }) => id)).toEqual([later]);
});

it("one in a history that somebody scrolls through, or from before the group was left, asks nothing", async () => {
  const desk = await Desk.open();
  await desk.found({ old: true }, [Date.now() - 1000, invite("1")]);
  const row = desk.engine.chats.ensure(CLUB, "group");
  await desk.do.leaveGroup(CLUB);
  row.left! -= 500;
  await desk.found({}, [Date.now() - 1000, invite("2")]);
  expect(asking(desk)).toEqual([]);
  await desk.found({}, [Date.now(), invite("3")]);
  await desk.until(() => asking(desk).length > 0);
});
