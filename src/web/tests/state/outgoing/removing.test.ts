import { describe, expect, it } from "vitest";
import type { MessageRow } from "../../../store/records.ts";
import { Archive } from "../archive.ts";
import { BEN, body, Desk, OMA, said } from "../desk.ts";

const texts = (view: { messages: { value: readonly { text: string }[] } }) =>
  view.messages.value.map(({ text }) => text);
const reaction = (to: string) =>
  `<reactions xmlns="urn:xmpp:reactions:0" id="${to}"><reaction>🎂</reaction></reactions>`;

async function talk(): Promise<{ desk: Desk; archive: Archive }> {
  const archive = new Archive();
  for (const [number, text] of ["one", "two", "three"].entries())
    archive.add(`s-m${number}`, Date.UTC(2026, 0, 1 + number), said(`m${number}`, body(text)));
  return { desk: await Desk.open(undefined, archive), archive };
}

describe("a message that is taken away on this device", () => {
  it("is gone from the chat, the list and the search, and nothing of it is kept", async () => {
    const { desk } = await talk();
    const view = desk.mirror.open(BEN);
    await view.end();
    const [, , three] = await desk.kept();
    await desk.do.remove(three!.id);
    expect(texts(view)).toEqual(["one", "two"]);
    expect(desk.mirror.chats.value[0]!.last).toMatchObject({ text: "two" });
    expect(await desk.do.search("three")).toEqual([]);
    expect(JSON.stringify(await desk.kept())).not.toContain("three");
    const again = desk.mirror.open(BEN);
    await again.end();
    expect(texts(again)).toEqual(["one", "two"]);
    expect(desk.sent.filter((one) => one.getChild("retract"))).toEqual([]);
  });

  it("does not come back from the archive, nor by what others say of it", async () => {
    const { desk, archive } = await talk();
    const [, two] = await desk.kept();
    await desk.do.remove(two!.id);
    archive.entries = archive.entries.filter(({ id }) => id !== "s-m2");
    await desk.again();
    await desk.hear(
      said("e1", `<replace xmlns="urn:xmpp:message-correct:0" id="m1"/>${body("two!")}`),
      said("r1", reaction("m1")),
      said("a1", `<reply xmlns="urn:xmpp:reply:0" to="${OMA}" id="m1"/>${body("Oh")}`),
    );
    const view = desk.mirror.open(BEN);
    await view.end();
    expect(texts(view)).toEqual(["one", "three", "Oh"]);
    expect(view.messages.value[2]!.quote?.text).toBe("");
  });

  it("leaves an empty chat with nothing to show in the list", async () => {
    const desk = await Desk.open();
    await desk.hear(said("m0", body("one")));
    await desk.do.remove((await desk.kept())[0]!.id);
    expect(desk.mirror.chats.value[0]!.last).toBeUndefined();
  });

  it("is not shown in the list again when the other side has read it", async () => {
    const { desk } = await talk();
    const { id } = await desk.say("four");
    await desk.do.remove(id);
    await desk.hear(said("d1", `<displayed xmlns="urn:xmpp:chat-markers:0" id="${id}"/>`));
    expect((await desk.store.get<MessageRow>("messages", id))?.state).toBe("read");
    expect(desk.mirror.chats.value[0]!.last).toMatchObject({ text: "three" });
  });
});
