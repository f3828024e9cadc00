import assert from "node:assert/strict";
import { list } from "./walk.mjs";

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
}

/** What has the focus, as a reader of the screen would name it. */
async function focused(page, selector) {
  await page
    .waitForFunction((wanted) => document.activeElement?.matches(wanted), selector)
    .catch(async () => {
      const is = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
      assert.fail(`${selector} should have the focus, not ${is}`);
    });
}

async function press(page, key, times = 1) {
  for (let i = 0; i < times; i++) await page.keyboard.press(key);
}

/** With keys alone: into a chat, through its messages, into its details and out again. The focus is never lost. */
export async function keyboard(page) {
  const phone = page.viewportSize().width < 700;
  await list(page);
  await page
    .getByRole("link", { name: /Family/ })
    .first()
    .focus();
  await press(page, "Enter");
  await page.getByText("Yes please").waitFor();
  await focused(page, phone ? ".chat-who" : "textarea");

  if (!phone) {
    await page.locator("body").evaluate((body) => body.ownerDocument.activeElement.blur());
    await page.locator(".skip").focus();
    await press(page, "Enter");
    await focused(page, "main");
  }

  await failing(page);
  await messages(page);
  await details(page);
  await searching(page);
  if (!phone) return;
  await page.getByRole("button", { name: "Back" }).click();
  await focused(page, "a.chat-row[href*=family]");
}

/** What fails is said, though there is no place of its own for it. */
async function failing(page) {
  await page.evaluate(() => {
    window.fake.do.mute = () => Promise.reject(new Error("The box cannot be reached."));
  });
  await page.locator(".chat-top").getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: /ute$/ }).click();
  await page.locator(".toast.wrong", { hasText: "The box cannot be reached." }).waitFor();
  await page.getByRole("status").getByRole("button", { name: "Close" }).click();
}

/** One stop for the Tab key, also below a notice; arrows read the words. */
async function messages(page) {
  await page.evaluate(() => {
    const [chat, all] = [...window.fake.state.messages].find(([id]) => id.startsWith("family@"));
    const last = all.value.at(-1);
    const notice = { ...last, id: "notice", chat, own: false, who: "", kind: "notice", text: "Tom has come" };
    delete notice.attachment;
    all.value = [...all.value, { ...notice, reactions: [] }];
  });
  await page.locator("p.notice", { hasText: "Tom has come" }).waitFor();
  assert.equal(await page.locator("article[tabindex='0']").count(), 1);
  await page.locator("article[tabindex='0']").focus();
  await focused(page, "article[aria-label*='raisins']");
  await press(page, "ArrowUp", 2);
  const label = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  assert.match(label, /: \S/);
  assert.equal(await page.locator("article[tabindex='0']").count(), 1);
  await focused(page, "article[tabindex='0']");
  const stops = await page
    .locator("article:not(:focus) .tools button")
    .evaluateAll((all) => all.filter((one) => one.checkVisibility({ visibilityProperty: true })).length);
  assert.equal(stops, 0);
  await page.evaluate(() => document.activeElement.querySelector("button.unseen").click());
  await page.getByRole("menu").waitFor();
  await press(page, "Home");
  await focused(page, ".quick > button:first-child");
  await press(page, "ArrowRight");
  await press(page, "ArrowDown");
  await focused(page, "[role=menuitem]:first-child");
  await press(page, "ArrowUp");
  await focused(page, ".quick > button:first-child");
  await press(page, "Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
}

async function details(page) {
  await page.locator(".chat-who").focus();
  await press(page, "Enter");
  await focused(page, ".pane-details h2");
  const pencil = page.getByRole("button", { name: "Name of the group" });
  await pencil.focus();
  await press(page, "Enter");
  await focused(page, ".edit-line input");
  await press(page, "Escape");
  await focused(page, ".head h3 button");
  await page.locator(".pane-details .sheet-top button").first().focus();
  await press(page, "Enter");
  await focused(page, ".chat-who");
  await press(page, "Enter");
  await focused(page, ".pane-details h2");
  await press(page, "Escape");
  await focused(page, ".chat-who");
}

async function searching(page) {
  await page.evaluate(() => {
    location.hash = "#/search";
  });
  await focused(page, ".pane-list input[type=search]");
  await page.keyboard.type("cake");
  await page.getByRole("button", { name: "Clear" }).focus();
  await press(page, "Enter");
  await focused(page, ".pane-list input[type=search]");
  await page.keyboard.type("cake");
  // The words go first, then the page.
  await press(page, "Escape");
  await focused(page, ".pane-list input[type=search]");
  await press(page, "Escape");
  await page.locator(".pane-list .pane").waitFor({ state: "detached" });
  await focused(page, ".chat-who");
}
