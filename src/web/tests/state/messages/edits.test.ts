import { describe, expect, it } from "vitest";
import { read } from "../../../proto/said.ts";
import { Archive } from "../archive.ts";
import { BEN, body, Desk, OMA, said } from "../desk.ts";

const replace = (id: string) => `<replace xmlns="urn:xmpp:message-correct:0" id="${id}"/>`;
const reply = (id: string) => `<reply xmlns="urn:xmpp:reply:0" to="${OMA}" id="${id}"/>`;
const photo = (url: string, caption: string) =>
  `<file-sharing xmlns="urn:xmpp:sfs:0"><file xmlns="urn:xmpp:file:metadata:0"><media-type>image/jpeg</media-type>` +
  `<name>lake.jpg</name><desc>${caption}</desc></file><sources><url-data xmlns="http://jabber.org/protocol/url-data" ` +
  `target="${url}"/></sources></file-sharing><body>${url}</body>`;
const START = Date.UTC(2026, 0, 1);

describe("a message that is edited", () => {
  it("says again what it answers, so that others do not forget it", async () => {
    const desk = await Desk.open();
    await desk.hear(said("q1", body("Who brings the cake?")));
    const [asked] = await desk.kept();
    await desk.do.send(BEN, "I", { replyTo: asked!.id });
    await desk.do.edit((await desk.kept())[1]!.id, "I do");
    const [first, edit] = desk.sent.filter((one) => one.getChild("body")).map(read);
    expect(edit).toMatchObject({ body: "I do", replaces: first!.mid, reply: first!.reply });
    expect(edit!.reply).toEqual({ ref: "q1", to: BEN });
    expect((await desk.kept())[1]).toMatchObject({ text: "I do", edited: true, quote: { ref: "q1" } });
  });

  it("keeps what it answers when the new words do not say so", async () => {
    const desk = await Desk.open();
    await desk.hear(said("a1", reply("q0") + body("I")), said("e1", replace("a1") + body("I do")));
    expect(await desk.kept()).toMatchObject([{ text: "I do", edited: true, quote: { ref: "q0" } }]);
  });

  it("keeps its photo under a new caption, and takes another photo when it brings one", async () => {
    const desk = await Desk.open();
    await desk.hear(
      said("p1", photo("https://kith.test/1", "The lak")),
      said("e1", replace("p1") + body("The lake")),
    );
    const kept = () =>
      desk.kept().then(([row]) => ({ text: row!.text, url: row!.attachment?.url, kind: row!.kind }));
    expect(await kept()).toEqual({ text: "The lake", url: "https://kith.test/1", kind: "photo" });
    await desk.hear(said("e2", replace("p1") + photo("https://kith.test/2", "The sea")));
    expect(await kept()).toEqual({ text: "The sea", url: "https://kith.test/2", kind: "photo" });
  });

  it("goes with its photo when its caption is edited here", async () => {
    const desk = await Desk.open();
    const own = (id: string, children: string) =>
      said(id, children).replace(/from="[^"]*" to="[^"]*"/, `from="${OMA}/phone" to="${BEN}"`);
    const archive = new Archive();
    archive.add(
      "s-p1",
      Date.parse("2026-11-20T10:00:00Z"),
      own("p1", photo("https://kith.test/1", "The lak")),
    );
    desk.archives.set(OMA, archive);
    await desk.again();
    await desk.do.edit((await desk.kept())[0]!.id, "The lake");
    const edit = desk.sent.map(read).find(({ replaces }) => replaces);
    expect(edit).toMatchObject({ replaces: "p1", file: { url: "https://kith.test/1", caption: "The lake" } });
  });

  it("has its newest words, in whatever order the archive tells of them", async () => {
    const desk = await Desk.open();
    const words = [said("a1", body("one")), said("e1", replace("a1") + body("two"))];
    words.push(said("e2", replace("a1") + body("three")));
    for (const number of [0, 2, 1]) await desk.found({}, [START + number, words[number]!]);
    expect(await desk.kept()).toMatchObject([{ text: "three" }]);
  });
});
