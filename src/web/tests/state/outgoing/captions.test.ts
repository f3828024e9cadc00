import { expect, it } from "vitest";
import { payload } from "../../../proto/say.ts";
import { Plain } from "../../../state/encryption/plain.ts";
import { x } from "../../../xmpp/xml.ts";
import { BEN, Desk } from "../desk.ts";

const photo = { blob: new Blob(["x"], { type: "image/jpeg" }), name: "x.jpg", kind: "photo" as const };
const caption = "Grandpa is in hospital";

/** Sends a photo with words; resolves with what left: of envelopes their bodies. */
async function left(wanted: boolean | undefined, can: boolean): Promise<(string | undefined)[]> {
  const desk = await Desk.open();
  const enveloped: (string | undefined)[] = [];
  desk.engine.encryption = Object.assign(new Plain(desk.store), {
    wanted: () => wanted,
    decide: () => Promise.resolve(can),
    seal: (_: unknown, content: Parameters<typeof payload>[0], id: string) => {
      // As the older envelope does: a body, and nothing else.
      enveloped.push(
        payload(content)
          .find((one) => one.is("body"))
          ?.getText(),
      );
      return Promise.resolve(x("message", { id }));
    },
  });
  desk.engine.media.send = () => Promise.resolve("https://kith.test/f/x.jpg");
  await desk.do.sendFile(BEN, photo, { caption });
  await desk.until(async () => (await desk.store.all("outbox")).length === 0);
  const kept = await desk.kept();
  expect(kept.map(({ encrypted }) => encrypted)).toEqual(kept.map(() => enveloped.length > 0));
  expect(kept.map(({ text }) => text).join("")).toBe(caption);
  return [...enveloped, ...desk.sent.map(String)];
}

it("the words of a photo arrive where it is found out only then that the other side can read encrypted ones", async () => {
  expect(await left(undefined, true)).toContain(caption);
});

it("they stand beside it where nobody can, also if that changes before it has left", async () => {
  expect((await left(false, true)).join()).toContain(caption);
});
