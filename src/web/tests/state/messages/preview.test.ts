import { expect, it, onTestFinished, vi } from "vitest";
import { BEN, body, Desk, said } from "../desk.ts";

const file = (name: string, type: string) =>
  `<file-sharing xmlns="urn:xmpp:sfs:0"><file xmlns="urn:xmpp:file:metadata:0"><media-type>${type}</media-type>` +
  `<name>${name}</name></file><sources><url-data xmlns="http://jabber.org/protocol/url-data" ` +
  `target="https://kith.test/1"/></sources></file-sharing>`;

it.each([
  ["song.mp3", "audio/mpeg", "audio", "song.mp3"],
  ["Bill.pdf", "application/pdf", "file", "Bill.pdf"],
  ["IMG_2034.jpg", "image/jpeg", "photo", ""],
])("the list names %s, if the name says anything", async (name, type, kind, text) => {
  const desk = await Desk.open();
  await desk.hear(said("f1", file(name, type)));
  expect(desk.mirror.chats.value.find(({ id }) => id === BEN)?.last).toMatchObject({ kind, text });
});

it("the list ends what it shows of long words with a whole letter", async () => {
  const desk = await Desk.open();
  await desk.hear(said("m1", body(`a${"👍".repeat(200)}`)));
  const text = desk.mirror.chats.value.find(({ id }) => id === BEN)!.last!.text;
  expect(text).toBe(`a${"👍".repeat(99)}`);
});

it("the list keeps the last word when an earlier one of the same moment is liked", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 2, 14) });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const desk = await Desk.open();
  await desk.hear(said("m1", body("first")));
  await desk.hear(said("m2", body("second")));
  await desk.hear(
    said("m3", `<reactions xmlns="urn:xmpp:reactions:0" id="m1"><reaction>👍</reaction></reactions>`),
  );
  expect(desk.mirror.chats.value.find(({ id }) => id === BEN)?.last).toMatchObject({ text: "second" });
});
