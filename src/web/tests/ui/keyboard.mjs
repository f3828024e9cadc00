import assert from "node:assert/strict";

/** What is said in passing can be pressed while a sheet lies over the page, and goes on being said when that has gone. */
export async function toastOver(page) {
  const toast = page.getByText("No room left on the box");
  const sheet = page.getByRole("dialog", { name: "Settings" });
  await sheet.waitFor();
  await toast.waitFor();
  assert.equal(await page.getByRole("status").filter({ has: toast }).count(), 1);
  await page.locator(".toast", { hasText: "Saved" }).getByRole("button", { name: "Close" }).click();
  await page.getByText("Saved", { exact: true }).waitFor({ state: "detached" });
  await sheet.getByRole("button", { name: "Close" }).first().click();
  await sheet.waitFor({ state: "detached" });
  await toast.waitFor();
  await page.goBack();
  await sheet.waitFor();
}
