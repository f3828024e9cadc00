import { describe, expect, it } from "vitest";
import { Archive } from "../archive.ts";
import { BEN, body, Desk, FAMILY, OMA, said, spoken } from "../desk.ts";

const reply = (id: string) => `<reply xmlns="urn:xmpp:reply:0" to="${BEN}" id="${id}"/>`;
const retract = (id: string) => `<retract xmlns="urn:xmpp:message-retract:1" id="${id}"/>`;
const replace = (id: string) => `<replace xmlns="urn:xmpp:message-correct:0" id="${id}"/>`;

describe("a quote of what was taken back", () => {
  it("no longer shows the words, in the chat or in the list", async () => {
    const desk = await Desk.open();
    await desk.hear(said("q1", body("A secret")), said("a1", reply("q1") + body("Oh")));
    const view = desk.mirror.open(BEN);
    await view.end();
    expect(view.messages.value[1]!.quote).toMatchObject({ text: "A secret", kind: "text" });
    await desk.hear(said("r1", retract("q1")));
    expect(view.messages.value[1]!.quote).toMatchObject({ text: "", retracted: true });
    expect(JSON.stringify([await desk.kept(), view.messages.value, desk.mirror.chats.value])).not.toContain(
      "secret",
    );
  });

  it("is so from the beginning where the answer comes later", async () => {
    const desk = await Desk.open();
    await desk.hear(
      said("q1", body("A secret")),
      said("r1", retract("q1")),
      said("a1", reply("q1") + body("Oh")),
    );
    expect((await desk.kept())[1]!.quote).toMatchObject({ text: "", retracted: true });
  });

  it("is so when one's own words were taken back here", async () => {
    const desk = await Desk.open();
    const own = await desk.say("A secret");
    await desk.hear(said("a1", reply(own.mid!) + body("Oh")));
    await desk.do.retract(own.id);
    const answer = (await desk.kept()).find(({ mid }) => mid === "a1");
    expect(answer!.quote).toMatchObject({ who: "Oma", own: true, text: "", retracted: true });
  });

  it("says in the list that the last message was taken back, whatever it was", async () => {
    const desk = await Desk.open();
    await desk.hear(said("q1", body("A secret")), said("r1", retract("q1")));
    expect(desk.mirror.chats.value[0]!.last).toMatchObject({ text: "", retracted: true });
  });
});

describe("a quote", () => {
  it("follows the newest words", async () => {
    const desk = await Desk.open();
    await desk.hear(said("q1", body("teh cake")), said("a1", reply("q1") + body("Oh")));
    await desk.hear(said("e1", replace("q1") + body("the cake")));
    expect((await desk.kept())[1]!.quote).toMatchObject({ text: "the cake" });
  });

  it("is filled when what it answers is found further back", async () => {
    const archive = new Archive();
    for (let number = 0; number < 450; number++)
      archive.add(
        `${number}`,
        Date.UTC(2026, 0, 1) + number * 1000,
        said(`m${number}`, body(`number ${number}`)),
      );
    archive.add("450", Date.UTC(2026, 0, 2), said("a1", reply("m5") + body("That one")));
    const desk = await Desk.open(undefined, archive);
    const answer = async () => (await desk.kept()).find(({ mid }) => mid === "a1")!;
    expect((await answer()).quote).toMatchObject({ ref: "m5", text: "" });
    expect((await answer()).quote!.message).toBeUndefined();
    while (!(await desk.engine.history.older(BEN)).complete);
    const found = (await desk.kept()).find(({ mid }) => mid === "m5")!;
    expect((await answer()).quote).toMatchObject({ message: found.id, text: "number 5" });
  });

  it("is not moved to another message that takes the same name", async () => {
    const desk = await Desk.open();
    const own = await desk.say("Mine");
    await desk.hear(said("a1", reply(own.mid!) + body("Oh")), said(own.mid!, body("Forged")));
    const answer = (await desk.kept()).find(({ mid }) => mid === "a1");
    expect(answer!.quote).toMatchObject({ message: own.id, text: "Mine" });
  });
});

describe("a quote of oneself", () => {
  it("is known as one's own, also where the words are further back", async () => {
    const desk = await Desk.open();
    const own = await desk.say("Mine");
    const toMe = (id: string) => `<reply xmlns="urn:xmpp:reply:0" to="${OMA}/desk" id="${id}"/>`;
    await desk.hear(said("a1", toMe(own.mid!) + body("Oh")), said("a2", toMe("gone") + body("Ah")));
    await desk.hear(said("b1", body("His")), said("a3", reply("b1") + body("Eh")));
    const quotes = new Map((await desk.kept()).map((row) => [row.mid, row.quote]));
    expect(quotes.get("a1")).toMatchObject({ own: true, text: "Mine" });
    expect(quotes.get("a2")).toMatchObject({ own: true, text: "" });
    expect(quotes.get("a3")!.own).toBeUndefined();
  });

  it("is so in a group by the name that one has there", async () => {
    const desk = await Desk.open();
    await desk.enter();
    const to = (nick: string) => `<reply xmlns="urn:xmpp:reply:0" to="${FAMILY}/${nick}" id="far"/>`;
    await desk.hear(spoken("a1", to("Oma") + body("Oh")), spoken("a2", to("Ben") + body("Ah")));
    const [mine, his] = (await desk.kept(FAMILY)).filter((row) => row.quote);
    expect(mine!.quote).toMatchObject({ who: "Oma", own: true });
    expect(his!.quote!.own).toBeUndefined();
  });
});

describe("a search", () => {
  it("tells one's own words from those of others", async () => {
    const desk = await Desk.open();
    await desk.say("My cake");
    await desk.hear(said("b1", body("His cake")));
    const found = await desk.do.search("cake");
    expect(found.map(({ text, own }) => [text, own]).sort()).toEqual([
      ["His cake", false],
      ["My cake", true],
    ]);
  });
});

describe("a quote of what came encrypted", () => {
  it("shows its words here, and does not say them in the open", async () => {
    const desk = await Desk.open();
    desk.engine.encryption.open = async (_, then) =>
      desk.store.write(
        await then({ kind: "payload", payload: { body: "The PIN is 1234", mentions: [] }, device: 7 }),
      );
    await desk.hear(said("q1", `<encrypted xmlns="eu.siacs.conversations.axolotl"/>`));
    await desk.do.lock(BEN, false);
    await desk.do.send(BEN, "Ok", { replyTo: (await desk.kept())[0]!.id });
    await desk.until(async () => (await desk.kept())[1]?.state === "sent");
    const answer = (await desk.kept())[1]!;
    expect(answer.quote).toMatchObject({ ref: "q1", text: "The PIN is 1234" });
    await desk.do.edit(answer.id, "All right");
    await desk.until(async () => (await desk.store.all("outbox")).length === 0);
    const out = desk.sent.filter((one) => one.getChild("reply")).map(String);
    expect(out).toHaveLength(2);
    expect(out.join()).not.toContain("1234");
  });
});
