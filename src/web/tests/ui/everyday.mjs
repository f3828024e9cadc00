import assert from "node:assert/strict";
import { chatOf } from "./walk.mjs";

/** From the list into a chat and back, writing, editing, answering by keys, a voice message: as every day. */
export async function everyday(page) {
  const asked = () => page.evaluate(() => window.fake.state.asked.join("\n"));
  await page.getByRole("link", { name: /Ben/ }).first().click();
  await page.getByText("Look at her").waitFor();
  if (page.viewportSize().width < 700) {
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByText("Sunday football").first().waitFor();
    await page.goForward();
  }
  await page.getByText("Look at her").waitFor();
  await page.locator("textarea").fill("Hello *there*");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.locator("article strong", { hasText: "there" }).waitFor();
  await page.locator("article", { hasText: "So sweet" }).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await page.waitForFunction(() => document.querySelector("textarea").value === "So sweet");
  await page.locator("textarea").fill("So very sweet");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator("article", { hasText: "So very sweet" }).getByText("edited").waitFor();

  // The field takes the focus once more when the bar above it is gone.
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
  );
  const newest = page.locator("article").last();
  await newest.focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.tagName === "ARTICLE");
  await page.getByRole("button", { name: "Play" }).first().click();
  await page.locator(".rate").click();
  await page.locator(".rate", { hasText: "1.5×" }).waitFor();
  await page.locator("textarea").fill("half a thought");
  await page.waitForFunction(() => window.fake.state.asked.includes("draft ben@kith.example half a thought"));
  assert.match(await asked(), /^send ben@kith.example Hello \*there\*/m);
  assert.match(await asked(), /^read ben@kith.example /m);
}

export const historyPage = `app.html${chatOf("history@groups.kith.example")}`;

/** Up through thousands of messages, and down after a jump: what is read never moves by itself. */
export async function scrolling(page) {
  await page.getByText("(10000)").waitFor();
  assert.equal(await page.evaluate(steps, { by: -200, count: 150 }), 0);
  assert.ok((await page.locator("article").count()) < 80);
  await page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    `${chatOf("history@groups.kith.example")}/h5000`,
  );
  await page.locator(".flash").waitFor();
  assert.equal(await page.evaluate(steps, { by: 150, count: 60 }), 0);
}

/** In the page: how far what is seen went astray, in all, while it was scrolled in steps. */
async function steps({ by, count }) {
  const log = document.querySelector(".log");
  const frame = () => new Promise(requestAnimationFrame);
  let astray = 0;
  for (let i = 0; i < count; i++) {
    const box = log.getBoundingClientRect();
    const seen = [...log.querySelectorAll("article")].find((one) => {
      const edge = one.getBoundingClientRect();
      return edge.bottom > box.top + 250 && edge.top < box.bottom - 50;
    });
    const [before, at] = [seen.getBoundingClientRect().top, log.scrollTop];
    log.scrollTop += by;
    const moved = at - log.scrollTop;
    await frame();
    await frame();
    const off = seen.isConnected ? Math.abs(seen.getBoundingClientRect().top - before - moved) : 0;
    if (off > 1.5) astray += off;
  }
  return astray;
}
