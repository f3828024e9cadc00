import assert from "node:assert/strict";
import { list } from "./walk.mjs";

const rows = (page) =>
  page.locator(".list-body li a.chat-row").evaluateAll((all) => all.map((one) => one.hash));

/** Takes a chat out of the list; resolves when that can be taken back. */
export async function away(page, chat, remove, back) {
  await list(page);
  const row = page.locator(`a.chat-row[href*="${chat}%40"]`);
  await row.click({ button: "right" });
  await page.getByRole("menuitem", { name: remove }).click();
  await row.waitFor({ state: "detached" });
  await page.getByRole("button", { name: back }).waitFor();
}

/** What was taken out of the list comes back to its place by a press, and an open group that was left too. */
export async function undo(page) {
  await list(page);
  const before = await rows(page);
  await away(page, "mia", "Remove from the list", "Undo");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Undo" }).waitFor({ state: "detached" });
  assert.deepEqual(await rows(page), before);

  await page.evaluate(() => {
    location.hash = "#/details/football%40groups.kith.example";
  });
  await page.getByRole("button", { name: "Leave the group" }).click();
  await page
    .getByRole("alertdialog")
    .or(page.getByRole("dialog"))
    .last()
    .getByRole("button", { name: "Leave the group" })
    .click();
  await page.getByText("You left “Sunday football”").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.waitForFunction(() => location.hash === "#/chat/football%40groups.kith.example");
  await page.evaluate(() => {
    location.hash = "#/chats";
  });
  await away(page, "mia", "Remove from the list", "Undo");
}
