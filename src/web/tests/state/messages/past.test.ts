import { describe, expect, it } from "vitest";
import { Archive } from "../archive.ts";
import { BEN, body, Desk, FAMILY, said, spoken } from "../desk.ts";

const START = Date.UTC(2026, 0, 1);
const delay = (by: string) => `<delay xmlns="urn:xmpp:delay" from="${by}" stamp="2019-05-01T00:00:00Z"/>`;

describe("the past", () => {
  it("is not to be written into: only a room tells when something was said in it", async () => {
    const desk = await Desk.open();
    await desk.enter();
    await desk.hear(said("1", body("one")));
    await desk.do.read(BEN, (await desk.kept())[0]!.id);
    await desk.hear(said("2", body("two") + delay("kith.test")), said("3", body("three") + delay(BEN)));
    expect((await desk.kept()).map(({ text }) => text)).toEqual(["one", "two", "three"]);
    await desk.hear(spoken("4", body("four") + delay(FAMILY)));
    const [late] = await desk.kept(FAMILY);
    expect(new Date(late!.at).getFullYear()).toBe(2019);
  });

  it("is not said to have arrived, neither when it is read for the first time nor when somebody scrolls there", async () => {
    const asks = (id: string) => said(id, body(id) + `<request xmlns="urn:xmpp:receipts"/>`);
    const archive = new Archive();
    archive.add("s-1", START, asks("1"));
    const desk = await Desk.open(undefined, archive, [BEN]);
    await desk.found({ old: true }, [START - 1000, asks("0")]);
    archive.add("s-2", START + 1000, asks("2"));
    await desk.again();
    await desk.hear(asks("3"));
    const thanks = desk.sent.flatMap((one) => one.getChild("received", "urn:xmpp:receipts") ?? []);
    expect(thanks.map(({ attrs }) => attrs.id)).toEqual(["2", "3"]);
  });

  it("does not say what a group is about now", async () => {
    const desk = await Desk.open();
    await desk.enter();
    const subject = (text: string) => spoken(text, `<subject>${text}</subject>`);
    await desk.hear(subject("now"));
    await desk.found({ archive: FAMILY, old: true }, [START, subject("then")]);
    expect(desk.engine.chats.get(FAMILY)!.group!.subject).toBe("now");
  });
});
