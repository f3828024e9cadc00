import { expect, it, vi } from "vitest";
import { Lost } from "../../../xmpp/errors.ts";
import { BEN, Desk, OMA } from "../desk.ts";

it("a session that ended while the archive was read says nothing in the one after it", async () => {
  const desk = await Desk.open();
  desk.sent.length = 0;
  const ends: ((fault: Error) => void)[] = [];
  let asked: () => void = () => undefined;
  desk.engine.core.archives.page = () =>
    new Promise((_, reject) => {
      ends.push(reject);
      asked();
    });
  let caughtUp = false;
  desk.engine.encryption.caughtUp = () => {
    caughtUp = true;
  };
  const again = () => {
    const reading = new Promise<void>((resolve) => (asked = resolve));
    desk.engine.stream.onReady({ resumed: false, address: OMA });
    return reading;
  };
  await again();
  const second = again();
  ends[0]!(new Lost());
  await second;
  expect(desk.engine.sync.upToDate(OMA)).toBe(false);
  expect([desk.sent.filter((stanza) => stanza.is("presence")).length, caughtUp]).toEqual([0, false]);
});

it("what was missed is read as soon as it can be read, and said to be when the keys are published", async () => {
  const desk = await Desk.open();
  desk.sent.length = 0;
  const { encryption, core } = desk.engine;
  const [readable, published] = [gate(), gate()];
  const seen: string[] = [];
  core.archives.page = () => {
    seen.push("read");
    return Promise.resolve({ messages: [], complete: true });
  };
  encryption.start = async (listed) => {
    await listed;
    seen.push("listed");
    return published.opened;
  };
  encryption.readable = () => readable.opened;
  const caughtUp = gate();
  encryption.caughtUp = () => {
    seen.push("caught up");
    caughtUp.open();
  };
  desk.engine.stream.onReady({ resumed: false, address: OMA });
  await vi.waitUntil(() => seen.length > 0);
  expect(seen).toEqual(["listed"]);
  readable.open();
  await vi.waitUntil(() => desk.sent.some((stanza) => stanza.is("presence")));
  expect(seen).toEqual(["listed", "read"]);
  // Who got it could not answer under lock and key.
  await desk.do.send(BEN, "Too early");
  const said = () => desk.sent.filter((stanza) => stanza.is("message") && stanza.getChild("body"));
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(said()).toEqual([]);
  published.open();
  await caughtUp.opened;
  expect(seen).toEqual(["listed", "read", "caught up"]);
  await vi.waitUntil(() => said().length === 1);
});

function gate(): { opened: Promise<void>; open: () => void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
