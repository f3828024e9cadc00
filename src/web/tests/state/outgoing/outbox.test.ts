import { afterEach, expect, it, vi } from "vitest";
import { StanzaError } from "../../../xmpp/errors.ts";
import { x } from "../../../xmpp/xml.ts";
import { BEN, Desk } from "../desk.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** Sends a file that the box refuses a place so often, and waits out what is tried again by itself; how it stands then. */
async function sent(condition: string, type: string, times: number): Promise<string | undefined> {
  const desk = await Desk.open();
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  let refused = 0;
  desk.engine.media.send = () =>
    refused++ < times
      ? Promise.reject(new StanzaError(condition, type, undefined, x("iq")))
      : Promise.resolve("https://kith.test/f/x.jpg");
  const photo = { blob: new Blob(["x"], { type: "image/jpeg" }), name: "x.jpg", kind: "photo" as const };
  await desk.do.sendFile(BEN, photo, {});
  await vi.advanceTimersByTimeAsync(300_000);
  vi.useRealTimers();
  await desk.until(async () => (await desk.kept())[0]?.state !== "waiting");
  return (await desk.kept())[0]?.state;
}

it.each([
  ["remote-server-timeout", "wait", 2, "sent"],
  ["internal-server-error", "cancel", 2, "sent"],
  ["unexpected-request", "wait", 2, "sent"],
  ["internal-server-error", "wait", 9, "failed"],
  ["not-allowed", "cancel", 1, "failed"],
])("what may pass is waited for a while: %s, to %s, %d times", async (condition, type, times, state) => {
  expect(await sent(condition, type, times)).toBe(state);
});
