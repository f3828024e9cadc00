import { afterEach, expect, it } from "vitest";
import { use } from "../../../i18n/index.ts";
import { gone } from "../../../ui/text/words.ts";
import { body, Desk, FAMILY, spoken } from "../desk.ts";

afterEach(() => use("en"));

const mine = (id: string) => spoken(id, body("My words")).replace(`${FAMILY}/Ben`, `${FAMILY}/Oma`);
const retract = (id: string, inside = "") =>
  `<retract xmlns="urn:xmpp:message-retract:1" id="${id}">${inside}</retract>`;
const byRoom = `<moderated xmlns="urn:xmpp:message-moderate:1"/>`;

it("who was moderated is not said to have deleted it (XEP-0425 section 4)", async () => {
  await use("en");
  const desk = await Desk.open();
  await desk.enter();
  await desk.hear(mine("m1"), spoken("r1", retract("s-m1", byRoom)).replace("/Ben", ""));
  const view = desk.mirror.open(FAMILY);
  await view.end();
  const [message] = view.messages.value;
  expect(message).toMatchObject({ own: true, retracted: true, moderated: true });
  expect(gone(message!)).toBe("This message was deleted");
  const { last } = desk.mirror.chats.value.find((chat) => chat.id === FAMILY)!;
  expect(gone(last!)).toBe("This message was deleted");
});

it("who took it back is", async () => {
  await use("en");
  const desk = await Desk.open();
  await desk.enter();
  await desk.hear(mine("m1"), spoken("r1", retract("s-m1")).replace("/Ben", "/Oma"));
  const view = desk.mirror.open(FAMILY);
  await view.end();
  expect(gone(view.messages.value[0]!)).toBe("You deleted this message");
});
