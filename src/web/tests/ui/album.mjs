import assert from "node:assert/strict";
import { chatOf } from "./walk.mjs";

export const school = chatOf("school@groups.kith.example");

const nine = (page) => page.getByRole("article", { name: /9 pictures/ });

/** The newest pictures that were sent together, drawn. */
export async function albums(page) {
  await nine(page).locator("img").nth(3).waitFor();
  assert.equal(await nine(page).getByRole("listitem").count(), 4);
}

export async function albumsAbove(page) {
  await albums(page);
  await page.locator(".log").evaluate((log) => {
    log.scrollTop = -1e6;
  });
  await page.getByText("The stage, and the hall").waitFor();
  await page
    .getByRole("article", { name: /Jonas.*2 pictures/ })
    .locator("img")
    .nth(1)
    .waitFor();
}

const menuOf = (page, picture) =>
  picture.click({ button: "right" }).then(() => page.getByRole("menu").waitFor());

/** A picture is chosen by its own menu, all of them by a press beside them. */
export async function chosenOfAlbum(page) {
  await albums(page);
  await menuOf(page, nine(page).getByRole("listitem").nth(1));
  await page.getByRole("menuitem", { name: "Select" }).click();
  await page.getByText("1 selected").waitFor();
  const line = page.locator(".message", { has: nine(page) });
  await line.locator("> .choosable").click({ position: { x: 20, y: 20 } });
  await page.getByText("9 selected").waitFor();
  await nine(page).getByRole("checkbox").nth(3).click();
  await page.getByText("3 selected").waitFor();
}

/** What is done with one of them is done with that one; the viewer pages through all; one more that comes moves nothing. */
export async function throughAlbum(page) {
  await albums(page);
  const asked = () => page.evaluate(() => window.fake.state.asked.at(-1));
  await menuOf(page, nine(page).getByRole("listitem").nth(2));
  await page.getByRole("button", { name: "👍" }).click();
  assert.equal(await asked(), 'react school-7-2 ["👍"]');
  await nine(page).getByRole("button", { name: "Open: Photo, 4 of 9" }).click();
  const viewer = page.getByRole("dialog", { name: "Pictures" });
  const counted = viewer.locator("small");
  await counted.filter({ hasText: /22\/27/ }).waitFor();
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  await counted.filter({ hasText: /27\/27/ }).waitFor();
  await page.keyboard.press("Escape");
  await viewer.waitFor({ state: "detached" });
  await page.locator(".log").evaluate((log) => {
    log.scrollTop = -150;
  });
  const { y } = await nine(page).boundingBox();
  await page.evaluate(() => {
    for (const list of window.fake.state.messages.values()) {
      const last = list.value.at(-1);
      if (last.id === "school-7-8") list.value = [...list.value, { ...last, id: "next", at: last.at + 1000 }];
    }
  });
  const ten = page.getByRole("article", { name: /10 pictures/ });
  await ten.getByText("+6").waitFor();
  assert.ok(Math.abs((await ten.boundingBox()).y - y) < 1.5);
}
