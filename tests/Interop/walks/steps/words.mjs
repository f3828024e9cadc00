// Journey 3: what is done with messages, from a phone and from a desktop.
import assert from "node:assert/strict";
import { Client } from "../client.mjs";
import { until, walk } from "../walks.mjs";

/** More lines than a screen has. */
const recipe = ["The recipe:", ...Array.from({ length: 60 }, (_, at) => `${at + 1} spoons of flour`)].join("\n");

/** Mia with a phone and Ben with a desktop. */
async function two(walk) {
  const home = await walk.home(["mia", "ben"]);
  const mia = await new Client(await walk.device("phone"), home.site).signIn("mia");
  const ben = await new Client(await walk.device("desktop"), home.site).signIn("ben");
  return { home, mia, ben };
}

walk("two alone: typing, ticks, an answer that leads back, feelings, a change of words, and words taken back", async (walk) => {
  const { mia, ben } = await two(walk);
  await mia.write("ben");
  await mia.field.pressSequentially("Shall we");
  await mia.send("Shall we bake a cake?");
  await ben.row("mia").filter({ hasText: "Shall we bake a cake?" }).waitFor();
  await mia.reached("Shall we bake a cake?", "Delivered");
  assert.equal(await mia.message("Shall we bake a cake?").filter({ hasText: "Read" }).count(), 0, "read before it was opened");
  await ben.open("mia");
  await mia.reached("Shall we bake a cake?", "Read");
  await mia.field.pressSequentially("And");
  await ben.head.filter({ hasText: "typing…" }).waitFor();
  await mia.send(recipe);
  await ben.sees("60 spoons");
  await ben.head.filter({ hasText: "typing…" }).waitFor({ state: "detached" });

  await ben.log.hover();
  await until("the question", async () => {
    await ben.page.mouse.wheel(0, -600);
    return ben.message("Shall we bake").isVisible();
  });
  await ben.act("Shall we bake a cake?", "Reply");
  await ben.send("With cherries");
  await mia.hasInSight("With cherries");
  await mia.message("With cherries").getByRole("button", { name: "Shall we bake a cake?" }).tap();
  await mia.hasInSight("Shall we bake a cake?");
  const feeling = (person, text, sign) => person.message(text).getByRole("button", { name: sign });
  await mia.page.getByRole("button", { name: "To the newest message" }).tap();
  await mia.act("With cherries", "❤️");
  await feeling(ben, "With cherries", "❤️").waitFor();
  await ben.act("With cherries", "👍");
  await feeling(mia, "With cherries", "👍").waitFor();
  await feeling(mia, "With cherries", "❤️").tap();
  await feeling(ben, "With cherries", "❤️").waitFor({ state: "detached" });
  await feeling(ben, "With cherries", "👍").waitFor();

  await mia.send("Wiht plums");
  await ben.sees("Wiht plums");
  await mia.act("Wiht plums", "Edit");
  await mia.field.or(mia.page.getByLabel(/Message to/)).fill("With plums");
  await mia.page.getByRole("button", { name: "Save" }).tap();
  await ben.message("With plums").filter({ hasText: "edited" }).waitFor();
  await ben.send("Say nothing to grandma");
  await mia.sees("Say nothing to grandma");
  await ben.act("Say nothing to grandma", "Delete");
  await ben.dialog.getByRole("button", { name: "Delete for everybody" }).click();
  await mia.log.getByText("This message was deleted").waitFor();

  for (const person of [mia, ben]) {
    await person.page.reload();
    await person.message("With plums").filter({ hasText: "edited" }).waitFor();
    await person.log.getByText(/(This message was|You) deleted/).waitFor();
    for (const gone of ["Wiht plums", "Say nothing"]) assert.equal(await person.message(gone).count(), 0, gone);
    await feeling(person, "With cherries", "👍").waitFor();
    assert.equal(await feeling(person, "With cherries", "❤️").count(), 0);
  }
});

walk("a voice message is recorded on the phone and on the desktop, and the other hears it", async (walk) => {
  const { mia, ben } = await two(walk);
  for (const person of [mia, ben]) await person.open("Family");
  for (const [from, to, name, press] of [
    [mia, ben, "mia", "tap"],
    [ben, mia, "ben", "click"],
  ]) {
    await from.page.getByRole("button", { name: "Record a voice message" })[press]();
    const recorder = from.page.getByRole("group", { name: "Voice message" });
    // A page that is held for a second shows the one after.
    await recorder.getByRole("timer").getByText(/0:(0[2-9]|[1-5]\d)/).waitFor();
    await recorder.getByRole("button", { name: "Send" })[press]();
    await recorder.waitFor({ state: "detached" });
    const own = from.log.getByRole("article").last();
    await own.filter({ hasText: /Sent|Delivered|Read/ }).waitFor();

    const heard = to.log.getByRole("article", { name: new RegExp(`^${name}, `, "i") });
    await heard.getByRole("button", { name: "Play" }).click();
    const place = heard.getByRole("slider", { name: "Place in the recording" });
    await until("the sound to go on", async () => Number(await place.inputValue()) > 2);
    // It was heard to its end.
    await heard.getByRole("button", { name: "Play" }).waitFor();
    assert.equal(await heard.getByText("cannot play").count(), 0);
  }
  for (const person of [mia, ben])
    assert.equal(await person.log.getByRole("button", { name: "Play" }).count(), 2, "voice messages there");
});

walk("what one device has read is read on the other, a mention is seen from the list, search leads there, and a draft stays", async (walk) => {
  const { home, mia, ben } = await two(walk);
  const desk = await new Client(await walk.device("desktop"), home.site).signIn("mia");
  await ben.open("Family");
  await ben.send("Good morning");
  for (const device of [mia, desk]) await device.row("Family").filter({ hasText: "Good morning" }).waitFor();
  await mia.open("Family");
  await mia.sees("Good morning");
  await mia.leave();
  for (const device of [mia, desk]) await device.row("Family").filter({ hasText: "unread" }).waitFor({ state: "detached" });
  await ben.send("The key is under the blue pot");
  await ben.field.pressSequentially("@mi");
  await ben.page.getByRole("listbox", { name: "People in this group" }).getByRole("option", { name: "mia" }).click();
  await ben.field.pressSequentially("will you fetch it?");
  await ben.page.getByRole("button", { name: "Send", exact: true }).click();
  for (const device of [mia, desk]) {
    await device.row("Family").filter({ hasText: "2 unread messages" }).waitFor();
    await device.row("Family").filter({ hasText: "You are mentioned" }).waitFor();
  }
  await mia.open("Family");
  await mia.sees("mia will you fetch it?");
  await desk.row("Family").filter({ hasText: "unread" }).waitFor({ state: "detached" });
  await desk.row("Family").filter({ hasText: "You are mentioned" }).waitFor({ state: "detached" });
  await desk.page.reload();
  await desk.row("Family").waitFor();
  assert.equal(await desk.row("Family").filter({ hasText: "unread" }).count(), 0);

  await ben.send(recipe);
  await mia.sees("60 spoons");
  await mia.leave();
  await mia.list.getByRole("link", { name: "Search" }).tap();
  await mia.page.getByLabel("Search messages").fill("blue po");
  await mia.page.getByRole("button", { name: /under the blue pot/ }).tap();
  await mia.hasInSight("The key is under the blue pot");

  await mia.field.fill("half a thought");
  await mia.page.reload();
  await mia.field.waitFor();
  await until("the draft", async () => (await mia.field.inputValue()) === "half a thought");
  await mia.leave();
  await mia.row("Family").filter({ hasText: "Draft: half a thought" }).waitFor();
});
