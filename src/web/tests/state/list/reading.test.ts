import { expect, it } from "vitest";
import { BEN, body, Desk, FAMILY, OMA, said, stanza } from "../desk.ts";

const displayed = (desk: Desk) =>
  desk.sent.filter((one) => one.getChild("displayed")).map((one) => one.attrs.to);
const contact = (subscription: string) =>
  stanza(
    `<iq type="set"><query xmlns="jabber:iq:roster"><item jid="${BEN}" subscription="${subscription}"/></query></iq>`,
  );

it("tells who is a contact that it was read, and no longer who was one", async () => {
  const desk = await Desk.open();
  desk.engine.people.push(contact("both"));
  await desk.hear(said("a", body("Hello")));
  await desk.do.read(BEN, (await desk.kept())[0]!.id);
  expect(displayed(desk)).toEqual([BEN]);
  desk.engine.people.push(contact("remove"));
  await desk.hear(said("b", body("Are you there?")));
  await desk.do.read(BEN, (await desk.kept())[1]!.id);
  expect(displayed(desk)).toEqual([BEN]);
});

it("tells nobody of a group who writes to one alone, and no group of which nobody knows who is in it", async () => {
  const desk = await Desk.open();
  const row = desk.engine.chats.ensure(FAMILY, "group");
  await desk.engine.chats.save(row, { group: { nick: "Oma", closed: true } });
  const chat = `${FAMILY}/Eve`;
  const words = (type: string, by: string) =>
    `<message type="${type}" from="${chat}" to="${OMA}" id="${type}">${body("Hello")}` +
    `<x xmlns="http://jabber.org/protocol/muc#user"/><stanza-id xmlns="urn:xmpp:sid:0" by="${by}" id="s-${type}"/></message>`;
  void desk.engine.rooms.enter(row, true);
  await desk.hear(words("chat", OMA), words("groupchat", FAMILY));
  for (const one of [chat, FAMILY]) await desk.do.read(one, (await desk.kept(one))[0]!.id);
  expect(displayed(desk)).toEqual([]);
  Object.assign(row.group!, { members: [BEN] });
  await desk.hear(words("groupchat", FAMILY).replaceAll(/(id="(?:s-)?)groupchat/g, "$1more"));
  await desk.do.read(FAMILY, (await desk.kept(FAMILY))[1]!.id);
  expect(displayed(desk)).toEqual([FAMILY]);
});
