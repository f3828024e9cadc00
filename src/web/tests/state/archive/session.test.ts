import { expect, it } from "vitest";
import { Lost } from "../../../xmpp/errors.ts";
import { Desk, OMA } from "../desk.ts";

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
