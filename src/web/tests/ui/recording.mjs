import assert from "node:assert/strict";
import { raisins } from "./walk.mjs";

/** A finger on the microphone, which slides from there. */
async function finger(page) {
  const box = await page.locator(".mic").boundingBox();
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const touch = await page.context().newCDPSession(page);
  const send = (type, ...touchPoints) => touch.send("Input.dispatchTouchEvent", { type, touchPoints });
  await send("touchStart", at);
  await page.locator(".recorder.held").waitFor();
  return {
    /** In small steps, as a finger does. */
    async slide(x, y) {
      for (let step = 0; step <= 10; step++)
        await send("touchMove", { x: at.x + (x * step) / 10, y: at.y + (y * step) / 10 });
    },
    lift: () => send("touchEnd"),
  };
}

const sent = (page) =>
  page.evaluate(() => window.fake.state.asked.filter((one) => one.startsWith("sendFile")).length);

/** Slid aside it is thrown away, slid up it goes on without the finger, and let go it is sent. */
export async function recording(page) {
  await raisins(page);
  const recorder = page.locator(".recorder");
  let held = await finger(page);
  await held.slide(-130, 0);
  await recorder.waitFor({ state: "detached" });
  await held.lift();

  held = await finger(page);
  await held.slide(0, -90);
  await recorder.getByRole("button", { name: "Stop and listen" }).waitFor();
  await held.lift();
  await page.waitForFunction(() => document.activeElement?.closest(".recorder"));
  await page.keyboard.press("Escape");
  await recorder.waitFor({ state: "detached" });
  assert.equal(await sent(page), 0);

  held = await finger(page);
  await page.locator(".recorder-time", { hasText: "0:01" }).waitFor();
  await held.lift();
  await recorder.waitFor({ state: "detached" });
  assert.equal(await sent(page), 1);

  held = await finger(page);
  await held.slide(-30, 0);
}
