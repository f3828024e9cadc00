import { describe, expect, it } from "vitest";
import { BEN, body, Desk, FAMILY, said, spoken } from "./desk.ts";

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
});
