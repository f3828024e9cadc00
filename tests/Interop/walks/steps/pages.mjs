// Pages of the box for who is not signed in: no script, nothing from elsewhere, the same in every browser.
import assert from "node:assert/strict";
import { PASSWORD } from "../home.mjs";
import { walk } from "../walks.mjs";

walk("a guest without scripts follows an invite, and is told how to get in", async (walk) => {
  const home = await walk.home(["mia"]);
  const guest = await walk.device("phone", { javaScriptEnabled: false });
  const { page } = guest;
  await page.goto(await home.invite("--from", "mia"));
  await page.getByRole("heading", { name: "Mia invites you" }).waitFor();
  // Chromium says on its console that a form was answered with a complaint.
  guest.allow(/status of 422/);
  await page.getByLabel("Name").fill("Mia");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button").click();
  await page.getByText("The name Mia is taken").waitFor();
  await page.getByLabel("Name").fill("tim");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button").click();
  await page.getByRole("heading", { name: "Welcome, Tim!" }).waitFor();
  await page.getByText("tim@kith.localhost", { exact: true }).waitFor();
  assert.match(await home.kith(["user", "list"]), /\btim\b/);
});

walk("help is there for everybody", async (walk) => {
  const home = await walk.home();
  const { page } = await walk.device("phone");
  await page.goto(`${home.site}/help`);
  await page.getByRole("heading", { name: "What encryption does" }).waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.equal(wide, 0, "the page is wider than the phone");
});
