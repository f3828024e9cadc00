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
    const chat = { ...like, id, kind: "person", pinned: false, unread: 0, at: like.at - number };
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
