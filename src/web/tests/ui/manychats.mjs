import assert from "node:assert/strict";
import { list } from "./walk.mjs";

const count = 5000;

/** Five thousand chats, of which each says how often it was drawn: whoever draws it asks for its name. */
function fill(count) {
  const { chats, presence } = window.fake.state;
  window.drawn = new Map();
  const [like] = chats.value;
  chats.value = Array.from({ length: count }, (_, number) => {
    const id = `many${number}@kith.example`;
    const name = `Number ${number}`;
    const kind = number % 2 ? "person" : "group";
    const chat = { ...like, id, kind, pinned: false, unread: 0, at: like.at - number };
    return Object.defineProperty(chat, "name", {
      enumerable: true,
      get() {
        window.drawn.set(id, (window.drawn.get(id) ?? 0) + 1);
        return name;
      },
    });
  });
  presence.value = new Map();
}

/** Which chats are drawn when somebody comes, or when something is said in the chat of a number. */
async function drawnBy({ comes, said }) {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const { chats, presence } = window.fake.state;
  await frame();
  window.drawn.clear();
  if (comes !== undefined) presence.value = new Map([[comes, "online"]]);
  else
    chats.value = chats.value.map((chat, at) =>
      at === said ? Object.create(chat, { unread: { value: 1 } }) : chat,
    );
  await frame();
  return [...window.drawn.keys()];
}

/** Of five thousand chats those near the window are in the page, and one that changes is drawn alone. */
export async function manyChats(page) {
  await list(page);
  await page.evaluate(fill, count);
  await page.getByText("Number 0", { exact: true }).waitFor();
  const rows = page.locator(".list-body li");
  assert.ok((await rows.count()) <= 60);
  const [third, fifth] = ["many3@kith.example", "many5@kith.example"];
  assert.deepEqual(await page.evaluate(drawnBy, { comes: third }), [third]);
  assert.deepEqual(await page.evaluate(drawnBy, { said: 5 }), [fifth]);
  assert.deepEqual(await page.evaluate(drawnBy, { said: 4000 }), []);
  await page.locator(".list-body").evaluate((body) => {
    body.scrollTop = body.scrollHeight;
  });
  await page.getByText(`Number ${count - 1}`, { exact: true }).waitFor();
  assert.ok((await rows.count()) <= 60);
}

/** Which chat is the first in sight, and how far below the upper edge. */
const seen = (page) =>
  page.locator(".list-body").evaluate((body) => {
    const { top } = body.getBoundingClientRect();
    const row = [...body.querySelectorAll("li")].find((one) => one.getBoundingClientRect().bottom > top);
    return `${row.querySelector("b").textContent} ${Math.round(row.getBoundingClientRect().top - top)}`;
  });

async function scrollTo(page, number) {
  await page.locator(".list-body").evaluate((body, top) => {
    body.scrollTop = top;
  }, number * 72);
  await page.getByText(`Number ${number}`, { exact: true }).waitFor();
}

/** Something is said in the chat of a number, which rises to the top. */
async function rise(page, number) {
  await page.evaluate(async (id) => {
    const { chats } = window.fake.state;
    const chat = chats.value.find((one) => one.id === id);
    chats.value = [chat, ...chats.value.filter((one) => one !== chat)];
    for (let i = 0; i < 2; i++) await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  }, `many${number}@kith.example`);
}

/** Who reads in the middle of a long list stays there, whoever writes and wherever one goes meanwhile. */
export async function stillList(page) {
  await list(page);
  await page.evaluate(fill, 500);
  await scrollTo(page, 200);
  for (const number of [204, 300, 499]) {
    await rise(page, number);
    assert.equal(await seen(page), "Number 200 0");
  }
  await page.getByRole("link", { name: "Search" }).click();
  await page.locator(".pane-list input[type=search]").waitFor();
  await page.locator(".pane-list .pane").getByRole("button").first().click();
  await page.locator(".pane-list .pane").waitFor({ state: "detached" });
  assert.equal(await seen(page), "Number 200 0");
  // Another choice of chats begins at its beginning.
  await page.getByRole("button", { name: "Groups" }).click();
  assert.equal(await seen(page), "Number 300 0");
}

/** Keys go on scrolling when what had the focus is far away. */
export async function keysInList(page) {
  await list(page);
  await page.evaluate(fill, 500);
  await page.getByText("Number 0", { exact: true }).waitFor();
  await page.locator(".list-body a").first().focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("End");
  // The way there takes some frames.
  await page.waitForFunction(() => {
    const { scrollTop, clientHeight, scrollHeight } = document.querySelector(".list-body");
    return scrollTop + clientHeight > scrollHeight - 2;
  });
  await page.waitForFunction(() => document.activeElement.matches(".list-body a"));
  const end = await page.locator(".list-body").evaluate((body) => body.scrollTop);
  await page.keyboard.press("PageUp");
  await page.waitForFunction((end) => document.querySelector(".list-body").scrollTop < end, end);
}
