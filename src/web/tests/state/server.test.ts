import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { cut, DOMAIN, Kith, program, watch } from "../xmpp/kith.ts";
import { PASSWORD, Person } from "./person.ts";

// Nothing here waits for a time: this is only when to give up.
vi.setConfig({ testTimeout: 30_000 });

const FAMILY = `family@groups.${DOMAIN}`;
const texts = (view: { messages: { value: readonly { text: string }[] } }) =>
  view.messages.value.map(({ text }) => text);

describe.skipIf(!program)("the client without its pages, against the program that KITH names", () => {
  let kith: Kith;
  const people: Person[] = [];

  beforeAll(async () => {
    kith = await Kith.start();
    await Promise.all(["anna", "ben", "oma", "opa"].map((name) => kith.addUser(name, PASSWORD)));
  }, 60_000);

  afterEach(async () => {
    await Promise.all(people.splice(0).map((person) => person.stop()));
  });

  afterAll(() => kith.stop());

  async function person(name: string, own = false, store?: Person["store"]): Promise<Person> {
    const one = new Person(kith, name, store, own);
    people.push(one);
    return one.start();
  }

  it("shows the family and its group by itself", async () => {
    const anna = await person("anna");
    const family = await anna.chat(FAMILY);
    expect(family).toMatchObject({ kind: "group", name: "Family", request: false });
    await anna.until(() => anna.mirror.chats.value.find((chat) => chat.group?.joined === "in"));
    const ben = await anna.until(() => anna.mirror.people.value.get(`ben@${DOMAIN}`));
    expect(ben).toMatchObject({ contact: "mutual", circles: ["Family"] });
  });

  it("sends, receives, edits, reacts, answers and takes back", async () => {
    const [anna, ben] = await Promise.all([person("anna"), person("ben")]);
    const [there, here] = [anna.mirror.open(ben.address), ben.mirror.open(anna.address)];
    await anna.do.send(ben.address, "Hello Ben");
    const got = await ben.sees(here, ({ text }) => text === "Hello Ben");
    expect(got).toMatchObject({ own: false, who: "Anna" });
    await ben.until(() =>
      ben.mirror.chats.value.find(
        ({ id, unread, last }) => id === anna.address && unread === 1 && last?.text === "Hello Ben",
      ),
    );
    const sent = await anna.sees(there, ({ state }) => state === "delivered");

    await ben.do.read(anna.address, got.id);
    await anna.sees(there, ({ state }) => state === "read");
    await ben.until(() =>
      ben.mirror.chats.value.find(({ id, unread }) => id === anna.address && unread === 0),
    );

    await anna.do.edit(sent.id, "Hello, Ben!");
    await ben.sees(here, ({ text, edited }) => edited && text === "Hello, Ben!");
    await ben.do.react(got.id, ["❤️", "🎂"]);
    await anna.sees(there, ({ reactions }) => reactions.map(({ emoji }) => emoji).join() === "❤️,🎂");
    await ben.do.send(anna.address, "Good morning", { replyTo: got.id });
    await anna.sees(there, ({ quote, text }) => text === "Good morning" && quote?.message === sent.id);
    await anna.do.retract(sent.id);
    await ben.sees(here, ({ id, retracted }) => id === got.id && retracted);
  });

  it("says of what is too long that it is, and sends what comes after", async () => {
    const [anna, ben] = await Promise.all([person("anna"), person("ben")]);
    const [there, here] = [anna.mirror.open(ben.address), ben.mirror.open(anna.address)];
    await anna.do.send(ben.address, "😀".repeat(70_000));
    await anna.do.send(ben.address, "😀".repeat(16_000));
    await ben.sees(here, ({ text }) => text === "😀".repeat(16_000));
    const failed = await anna.sees(there, ({ text, state }) => text.length === 140_000 && state === "failed");
    expect(failed.problem).toContain("too long");
    expect(anna.mirror.link.value).toBe("online");
    await anna.do.remove(failed.id);
  });

  it("talks in the group, and each sees the other once", async () => {
    const [anna, ben] = await Promise.all([person("anna"), person("ben")]);
    await Promise.all([anna.chat(FAMILY), ben.chat(FAMILY)]);
    const [one, other] = [anna.mirror.open(FAMILY), ben.mirror.open(FAMILY)];
    await anna.do.send(FAMILY, "Who comes for cake?");
    const got = await ben.sees(other, ({ text }) => text === "Who comes for cake?");
    expect(got).toMatchObject({ who: "Anna", own: false });
    const own = await anna.sees(one, ({ text, state }) => text === "Who comes for cake?" && state === "sent");
    expect(own.own).toBe(true);
    await ben.do.react(got.id, ["🎂"]);
    await anna.sees(one, ({ id, reactions }) => id === own.id && reactions[0]?.emoji === "🎂");
    await anna.do.edit(own.id, "Who comes for cake at four?");
    await ben.sees(other, ({ id, edited }) => id === got.id && edited);
    await ben.do.send(FAMILY, "I do, @anna", { replyTo: got.id });
    await anna.sees(one, ({ quote, mention }) => quote?.message === own.id && mention);
    expect(texts(one)).toEqual(texts(other));
  });

  it("calls people of the circle by the name that they chose, or that one gave them oneself", async () => {
    const [anna, oma] = await Promise.all([person("anna"), person("oma")]);
    const called = (name: string) =>
      anna.until(() => anna.mirror.people.value.get(oma.address)?.name === name);
    await called("Oma");
    await oma.do.setName("Grandma Rose");
    await called("Grandma Rose");
    await anna.do.rename(oma.address, "Nana");
    await called("Nana");
    await anna.do.rename(oma.address, "");
    await called("Grandma Rose");
  });

  it("has the history on another device, with what was said of it, and what was read there", async () => {
    const [anna, ben] = await Promise.all([person("anna"), person("ben")]);
    const here = ben.mirror.open(anna.address);
    for (let number = 0; number < 120; number++) await anna.do.send(ben.address, `number ${number}`);
    const last = await ben.sees(here, ({ text }) => text === "number 119");
    const earlier = await ben.sees(here, ({ text }) => text === "number 100");
    await ben.do.react(earlier.id, ["👍"]);
    await ben.do.read(anna.address, last.id);
    const phone = await person("ben");
    expect(await phone.chat(anna.address)).toMatchObject({ unread: 0, last: { text: "number 119" } });
    const view = phone.mirror.open(anna.address);
    await phone.sees(view, ({ text, reactions }) => text === "number 100" && reactions.length === 1);
    while (!view.complete.value) await view.older();
    const numbers = texts(view).filter((text) => text.startsWith("number"));
    expect(numbers).toEqual(Array.from({ length: 120 }, (_, number) => `number ${number}`));
  });

  it("loses nothing and doubles nothing when the network goes in the middle of it", async () => {
    watch();
    const [anna, ben] = await Promise.all([person("anna"), person("ben")]);
    await Promise.all([anna.chat(FAMILY), ben.chat(FAMILY)]);
    const [there, here] = [anna.mirror.open(FAMILY), ben.mirror.open(anna.address)];
    for (let number = 0; number < 60; number++) {
      await anna.do.send(number % 2 === 0 ? ben.address : FAMILY, `cut ${number}`);
      if (number % 10 === 5) cut();
    }
    const group = ben.mirror.open(FAMILY);
    await ben.sees(here, ({ text }) => text === "cut 58");
    await ben.sees(group, ({ text }) => text === "cut 59");
    await anna.sees(there, ({ text, state }) => text === "cut 59" && state === "sent");
    const wanted = (rest: number) => Array.from({ length: 30 }, (_, number) => `cut ${number * 2 + rest}`);
    expect(texts(here).filter((text) => text.startsWith("cut"))).toEqual(wanted(0));
    expect(texts(group).filter((text) => text.startsWith("cut"))).toEqual(wanted(1));
    expect(texts(there).filter((text) => text.startsWith("cut"))).toEqual(wanted(1));
  });

  it("makes a group, asks somebody in, and they come", async () => {
    const [anna, oma] = await Promise.all([person("anna"), person("oma")]);
    const address = await anna.do.createGroup({
      name: "Sunday football",
      people: [oma.address],
      encrypted: false,
    });
    const asked = await oma.chat(address);
    expect(asked.request).toBe(true);
    await oma.do.accept(address);
    await oma.until(() =>
      oma.mirror.chats.value.find(
        ({ id, group }) => id === address && group?.joined === "in" && group.closed,
      ),
    );
    expect(await oma.chat(address)).toMatchObject({ name: "Sunday football", request: false });
    await oma.do.send(address, "I bring the ball");
    await anna.sees(anna.mirror.open(address), ({ text }) => text === "I bring the ball");
    const members = await anna.do.members(address);
    expect(members.map(({ address: who, affiliation }) => [who, affiliation]).sort()).toEqual([
      [anna.address, "owner"],
      [oma.address, "member"],
    ]);
    await oma.do.leaveGroup(address);
    await oma.until(() => !oma.mirror.chats.value.some(({ id }) => id === address));
  });

  it("makes an invite, blocks, and finds words again", async () => {
    const [anna, ben] = await Promise.all([person("anna"), person("ben")]);
    await ben.do.send(anna.address, "Ärger im Treppenhaus");
    await anna.sees(anna.mirror.open(ben.address), ({ text }) => text.startsWith("Ärger"));
    expect((await anna.do.search("arger treppe")).map(({ text }) => text)).toEqual(["Ärger im Treppenhaus"]);
    await anna.do.block(ben.address, true);
    await anna.until(() => anna.mirror.people.value.get(ben.address)?.blocked);
    await anna.do.block(ben.address, false);
    await anna.until(() => anna.mirror.people.value.get(ben.address)?.blocked === false);
    const invite = await anna.do.invite();
    expect(invite.uri).toContain("preauth=");
  });

  it("encrypts between own devices by itself, edits and answers too, and tells a late device of it in one line", async () => {
    const [anna, ben] = await Promise.all([person("anna", true), person("ben", true)]);
    await ben.until(() => ben.mirror.people.value.get(anna.address));
    await anna.do.chat(ben.address);
    const [there, here] = [anna.mirror.open(ben.address), ben.mirror.open(anna.address)];
    await anna.do.send(ben.address, "A surprise for Oma");
    const got = await ben.sees(here, ({ text }) => text === "A surprise for Oma");
    expect(got).toMatchObject({ encrypted: true, own: false });
    const sent = await anna.sees(
      there,
      ({ state, text }) => text === "A surprise for Oma" && state === "delivered",
    );
    expect(sent.encrypted).toBe(true);
    expect(
      (
        await anna.until(() =>
          anna.mirror.chats.value.find(({ id, lock }) => id === ben.address && lock === "on"),
        )
      ).lockable,
    ).toBe("yes");
    await anna.do.edit(sent.id, "A surprise for Opa");
    await ben.sees(here, ({ text, edited }) => edited && text === "A surprise for Opa");
    await ben.do.send(anna.address, "I know nothing", { replyTo: got.id });
    await anna.sees(
      there,
      ({ quote, text, encrypted }) => encrypted && text === "I know nothing" && quote?.message === sent.id,
    );

    const phone = await person("ben", true);
    const view = phone.mirror.open(anna.address);
    await phone.sees(view, ({ kind }) => kind === "notice");
    expect(view.messages.value.filter(({ kind }) => kind === "notice")).toHaveLength(1);
    // All that was said is locked to it: the chat is in the list all the same.
    await phone.chat(anna.address);
    // What it says waits until its keys are published: who has read that knows of it.
    await phone.do.send(anna.address, "And from the sofa");
    await anna.sees(there, ({ text, encrypted }) => encrypted && text === "And from the sofa");
    await anna.do.send(ben.address, "Now on both");
    await phone.sees(view, ({ text }) => text === "Now on both");
    await ben.sees(here, ({ text }) => text === "Now on both");
  });

  it("encrypts in a closed group that was made so", async () => {
    const [anna, ben, oma] = await Promise.all([
      person("anna", true),
      person("ben", true),
      person("oma", true),
    ]);
    const address = await anna.do.createGroup({
      name: "Presents",
      people: [ben.address, oma.address],
      encrypted: true,
    });
    for (const guest of [ben, oma]) {
      await guest.chat(address);
      await guest.do.accept(address);
      await guest.until(() =>
        guest.mirror.chats.value.find(({ id, group }) => id === address && group?.joined === "in"),
      );
    }
    // Who was asked in speaks first, and is not overheard either.
    for (const [speaker, words] of [
      [ben, "Ssh, what does she want?"],
      [anna, "She wants a kite"],
    ] as const) {
      await speaker.do.send(address, words);
      for (const guest of [anna, ben, oma]) {
        const got = await guest.sees(guest.mirror.open(address), ({ text }) => text === words);
        expect(got.encrypted).toBe(true);
      }
    }
  });

  it("puts back what is refused, says why, and goes on", async () => {
    const [anna, ben] = await Promise.all([person("anna"), person("ben")]);
    const nobody = await anna.do.chat("nobody-at-all");
    const view = anna.mirror.open(nobody);
    await anna.do.send(nobody, "Is anybody there?");
    const failed = await anna.sees(view, ({ state }) => state === "failed");
    expect(failed.problem).toBe("There is nobody with this address.");
    await anna.do.send(ben.address, "But you are");
    await ben.sees(ben.mirror.open(anna.address), ({ text }) => text === "But you are");
    await anna.do.retry(failed.id);
    await anna.sees(view, ({ state }) => state === "waiting" || state === "sent");
    await anna.sees(view, ({ state }) => state === "failed");
  });

  it("says a feeling in a group once, and keeps nothing to say it again", async () => {
    const [anna, ben] = await Promise.all([person("anna"), person("ben")]);
    await Promise.all([anna.chat(FAMILY), ben.chat(FAMILY)]);
    const [there, here] = [anna.mirror.open(FAMILY), ben.mirror.open(FAMILY)];
    await anna.do.send(FAMILY, "A feeling, please");
    const got = await ben.sees(here, ({ text }) => text === "A feeling, please");
    await ben.do.react(got.id, ["🎂"]);
    await anna.sees(there, ({ text, reactions }) => text === "A feeling, please" && reactions.length === 1);
    await ben.do.send(FAMILY, "That was it");
    await ben.sees(here, ({ text, state }) => text === "That was it" && state === "sent");
    await ben.engine.messages.change(() => Promise.resolve());
    expect(await ben.store.all("outbox")).toEqual([]);
  });

  it("does not say in the open what was locked", async () => {
    const [anna, opa] = await Promise.all([person("anna", true), person("opa")]);
    await anna.do.chat(opa.address);
    await anna.do.lock(opa.address, true);
    const view = anna.mirror.open(opa.address);
    await anna.do.send(opa.address, "A secret");
    const failed = await anna.sees(view, ({ state, text }) => text === "A secret" && state === "failed");
    expect(failed.problem).toContain("cannot be encrypted");
    await anna.do.lock(opa.address, false);
    await anna.do.send(opa.address, "No secret");
    const heard = opa.mirror.open(anna.address);
    await opa.sees(heard, ({ text }) => text === "No secret");
    expect(texts(heard)).not.toContain("A secret");
  });
});
