import assert from "node:assert/strict";

/** A file of the chat is saved by a press. */
export async function shelfOfFiles(page) {
  await page.getByRole("tab", { name: "Photos" }).press("ArrowRight");
  const file = page.getByRole("button", { name: /Wetterbericht/ }).last();
  await file.waitFor();
  const [saved] = await Promise.all([page.waitForEvent("download"), file.click()]);
  assert.match(saved.suggestedFilename(), /^Wetterbericht.*pdf$/);
}

/** A link leads away from here, and back to the message that it stands in. */
export async function shelfOfLinks(page) {
  await page.getByRole("tab", { name: "Links" }).click();
  const sheet = page.getByRole("dialog");
  const link = sheet.getByRole("link", { name: /example\.org\/bus/ });
  await link.waitFor();
  assert.equal(await link.getAttribute("target"), "_blank");
  await sheet.getByRole("button", { name: "To the message" }).first().click();
  await sheet.waitFor({ state: "detached" });
  await page.locator(".flash", { hasText: "two friends" }).waitFor();
  await page.evaluate(() => {
    location.hash = "#/media/family%40groups.kith.example";
  });
  await page.getByRole("tab", { name: "Links" }).click();
  await link.waitFor();
}
