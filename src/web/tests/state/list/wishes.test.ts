import { expect, it } from "vitest";
import { N } from "../../../proto/ns.ts";
import { x } from "../../../xmpp/xml.ts";
import { Stubbed } from "../stubbed.ts";

it("what was pinned and muted before the box kept it stays so, and is told to the box", async () => {
  const anna = new Stubbed();
  const ben = "ben@kith.example";
  anna.answers.set(N.pubsub, () => x("pubsub", { xmlns: N.pubsub }, x("items", { node: N.chats })));
  await anna.engine.chats.save(anna.engine.chats.ensure(ben), { pinned: true, mute: "all" });
  await anna.engine.wishes.load();
  expect(anna.engine.chats.get(ben)).toMatchObject({ pinned: true, mute: "all" });
  const told = anna.asked.map(String).filter((iq) => iq.includes("<publish"));
  expect(told).toHaveLength(1);
  for (const part of [ben, "<pinned", "<never"]) expect(told[0]).toContain(part);
});
