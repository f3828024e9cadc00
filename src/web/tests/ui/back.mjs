import assert from "node:assert/strict";
import { list, raisins } from "./walk.mjs";

/** The step back of a phone takes away what lies over the chat, one by one, and only then leaves the chat. */
export async function back(page) {
  await list(page);
  await page
    .getByRole("link", { name: /Family/ })
    .first()
    .click();
  await raisins(page);
  const chat = page.url();
  const [menu, picture] = [page.getByRole("menu"), page.getByRole("dialog", { name: "Pictures" })];
  const goesFrom = async (over) => {
    await over.waitFor();
    await page.goBack();
    await over.waitFor({ state: "detached" });
    await page.waitForFunction((address) => location.href === address, chat);
    await raisins(page);
  };

  await page.locator("article", { hasText: "Yes please" }).click({ button: "right" });
  await goesFrom(menu);
  await page.getByRole("button", { name: "Open: Photo" }).click({ position: { x: 20, y: 20 } });
  await goesFrom(picture);
  await page.locator("article", { hasText: "Yes please" }).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Info" }).click();
  await goesFrom(page.getByRole("dialog"));

  // A page with an address is left, by its own button too.
  await page.evaluate(() => {
    location.hash = "#/settings";
  });
  await page.getByRole("dialog", { name: "Settings" }).waitFor();
  await page.goBack();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(page.url(), chat);
  await page.goBack();
  await page.waitForURL((address) => !address.hash.includes("chat/"));
}
