import { describe, expect, it, vi } from "vitest";
import { Memory } from "../../../store/memory.ts";
import { x } from "../../../xmpp/xml.ts";
import { program } from "../../xmpp/kith.ts";
import { house } from "../house.ts";
import type { Person } from "../person.ts";

// Nothing here waits for a time: this is only when to give up.
vi.setConfig({ testTimeout: 30_000 });

/** Messages that come to somebody, as they come. */
function heard(who: Person): { to: string; text: string }[] {
  const all: { to: string; text: string }[] = [];
  const take = who.engine.stream.onStanza;
  who.engine.stream.onStanza = (stanza) => {
    all.push({ to: stanza.attrs.from ?? "", text: stanza.toString() });
    take(stanza);
  };
  return all;
}

describe.skipIf(!program)("what waits for a yes or a no", () => {
  const person = house(["anna", "ben"], ["lea", "tim"]);
  const gone = (who: Person, chat: string) =>
    who.until(() => !who.mirror.chats.value.some(({ id }) => id === chat));
  const askedBy = (who: Person, chat: string) =>
    who.until(() => who.mirror.chats.value.find(({ id, request }) => id === chat && request));

  it("shows who wants to be a contact without a word, also to a page that is loaded later, until it is answered", async () => {
    const store = new Memory();
    const [anna, lea] = await Promise.all([person("anna", false, store), person("lea")]);
    await lea.do.addPerson(anna.address);
    const asked = await askedBy(anna, lea.address);
    expect(asked).toMatchObject({ unread: 0, last: { text: "Lea would like to be one of your contacts." } });
    expect(anna.mirror.people.value.get(lea.address)?.contact).toBe("asks");
    await anna.stop();
    const again = await person("anna", false, store);
    await askedBy(again, lea.address);
    const phone = await person("anna");
    await askedBy(phone, lea.address);

    await again.do.accept(lea.address);
    await lea.until(() => lea.mirror.people.value.get(anna.address)?.contact === "mutual");
    // The other device hears of the answer.
    await phone.until(() =>
      phone.mirror.chats.value.some(({ id, request }) => id === lea.address && !request),
    );
  });

  it("tells who wants to be a contact that it is not to be, and asks again when they do", async () => {
    const [anna, tim] = await Promise.all([person("anna"), person("tim")]);
    await tim.do.addPerson(anna.address, "Anna");
    await askedBy(anna, tim.address);
    const told = heard(tim);
    await anna.do.decline(tim.address);
    await gone(anna, tim.address);
    expect(anna.mirror.people.value.has(tim.address)).toBe(false);
    // What is said afterwards comes after the answer.
    await anna.do.send(tim.address, "Who are you?");
    await tim.sees(tim.mirror.open(anna.address), ({ text }) => text === "Who are you?");
    expect(told.filter(({ text }) => text.includes(`type="unsubscribed"`))).toHaveLength(1);
  });

  it("takes the request away when they do, and when they are blocked on another device", async () => {
    const [ben, phone, lea] = await Promise.all([person("ben"), person("ben"), person("lea")]);
    await lea.do.addPerson(ben.address);
    await Promise.all([askedBy(ben, lea.address), askedBy(phone, lea.address)]);
    await lea.do.removePerson(ben.address);
    await gone(ben, lea.address);
    await lea.do.addPerson(ben.address);
    await Promise.all([askedBy(ben, lea.address), askedBy(phone, lea.address)]);
    await ben.do.block(lea.address, true);
    await Promise.all([gone(ben, lea.address), gone(phone, lea.address)]);
    await phone.until(() => phone.mirror.people.value.get(lea.address)?.blocked);
    await phone.do.block(lea.address, false);
  });

  it("keeps a stranger's words a request when they were put away and more come", async () => {
    const [ben, tim] = await Promise.all([person("ben"), person("tim")]);
    await tim.do.send(ben.address, "Buy this");
    await askedBy(ben, tim.address);
    await ben.do.decline(tim.address);
    await gone(ben, tim.address);
    await tim.do.send(ben.address, "Buy it now");
    expect(await askedBy(ben, tim.address)).toMatchObject({ last: { text: "Buy it now" } });
  });

  it("says no to an invitation that a room has passed on, once, and nothing to one that came directly", async () => {
    const [anna, lea] = await Promise.all([person("anna"), person("lea")]);
    const [passed, direct] = await Promise.all(
      ["Choir", "Chess"].map((name) => anna.do.createGroup({ name, people: [], encrypted: true })),
    );
    const told = heard(anna);
    const invite = x("invite", { to: lea.address });
    await anna.engine.stream.send(
      x("message", { to: passed! }, x("x", { xmlns: "http://jabber.org/protocol/muc#user" }, invite)),
    );
    await anna.do.addMembers(direct!, [lea.address]);
    expect(await askedBy(lea, passed!)).toMatchObject({
      name: "Choir",
      last: { text: "Anna invites you to this group." },
      group: { joined: "out", inviter: expect.stringContaining(anna.address) as string },
    });
    await askedBy(lea, direct!);
    for (const group of [passed!, direct!]) {
      await lea.do.decline(group);
      await gone(lea, group);
    }
    await lea.do.send(anna.address, "I have no time to sing");
    await anna.sees(anna.mirror.open(lea.address), ({ text }) => text === "I have no time to sing");
    const answers = told.filter(({ text }) => text.includes("<decline"));
    expect(answers.map(({ to }) => to)).toEqual([passed]);
  });

  it("is not flooded by strangers", async () => {
    const anna = await person("anna");
    for (let number = 0; number < 200; number++)
      anna.engine.people.take(x("presence", { from: `spam${number}@elsewhere.example`, type: "subscribe" }));
    await anna.engine.messages.change(() => Promise.resolve());
    const waiting = anna.mirror.chats.value.filter(({ id, request }) => request && id.startsWith("spam"));
    expect(waiting).toHaveLength(20);
    const rows = await anna.store.all<{ id: string }>("people");
    expect(rows.filter(({ id }) => id.startsWith("spam"))).toHaveLength(50);
    expect(anna.mirror.people.value.has(`spam199@elsewhere.example`)).toBe(false);
  });
});
