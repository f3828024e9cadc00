// Journey 3: every day.
import assert from "node:assert/strict";
import { Client } from "../client.mjs";
import { photo } from "../files.mjs";
import { until, walk } from "../walks.mjs";

/** Two of the family, signed in, with the family's chat open. */
async function family(walk, ...names) {
  const home = await walk.home(names);
  const people = [];
  for (const [at, name] of names.entries()) {
    const client = new Client(await walk.device(at % 2 === 0 ? "phone" : "desktop"), home.site);
    await client.signIn(name);
    await client.open("Family");
    people.push(client);
  }
  return people;
}

walk("two of the family sign in, and write to each other", async (walk) => {
  const [mia, ben] = await family(walk, "mia", "ben");
  await mia.send("Is anybody at home?");
  await ben.sees("Is anybody at home?");
  await ben.send("In the kitchen 🎂");
  await mia.sees("In the kitchen 🎂");
});

walk("after a reload all is there, and nobody signs in again", async (walk) => {
  const [mia, ben] = await family(walk, "mia", "ben");
  await mia.send("before");
  await ben.sees("before");
  await ben.page.reload();
  await ben.sees("before");
  await ben.send("after");
  await mia.sees("after");
  assert.equal(await ben.message("before").count(), 1);
});

walk("what is written in a tunnel is sent once, when the line is back", async (walk) => {
  const [mia, ben] = await family(walk, "mia", "ben");
  await mia.send("one");
  await ben.sees("one");
  mia.device.cut();
  await mia.send("two");
  await mia.reached("two", "Waiting to be sent");
  await ben.send("three");
  mia.device.mend();
  await ben.sees("two");
  await mia.sees("three");
  for (const person of [mia, ben])
    for (const text of ["one", "two", "three"]) assert.equal(await person.message(text).count(), 1, text);
});

walk("without a network the client starts, shows what it has, and sends what is written then", async (walk) => {
  const [mia, ben] = await family(walk, "mia", "ben");
  await mia.send("kept");
  await ben.sees("kept");
  await ben.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await ben.device.flightMode(true);
  await ben.page.reload();
  await ben.sees("kept");
  await ben.send("from the plane");
  await ben.reached("from the plane", "Waiting to be sent");
  await ben.page.reload();
  await ben.sees("from the plane");
  await ben.device.flightMode(false);
  await mia.sees("from the plane");
  await ben.left("from the plane");
  assert.equal(await mia.message("from the plane").count(), 1);
  assert.equal(await ben.message("from the plane").count(), 1);
});

walk("a photo with a few words is seen by the other", async (walk) => {
  const [mia, ben] = await family(walk, "mia", "ben");
  await mia.choose("Photo or video", photo("lake.png"));
  await mia.dialog.getByLabel("Caption").fill("At the lake");
  await mia.dialog.getByRole("button", { name: "Send", exact: true }).click();
  await ben.sees("At the lake");
  await ben.seesPicture(ben.message("At the lake"));
});

walk("photos that are chosen at once are one album for the other, who pages through them", async (walk) => {
  const [mia, ben] = await family(walk, "mia", "ben");
  await mia.choose("Photo or video", ["one.png", "two.png", "three.png"].map(photo));
  await mia.dialog.getByLabel("Caption").fill("At the lake");
  await mia.dialog.getByRole("button", { name: "Send 3", exact: true }).click();
  for (const person of [mia, ben]) {
    const album = person.log.getByRole("article", { name: /3 pictures, At the lake/ });
    await album.waitFor();
    assert.equal(await person.log.getByRole("article").count(), 1);
    const pictures = album.getByRole("listitem");
    assert.equal(await pictures.count(), 3);
    for (const picture of await pictures.all()) await person.seesPicture(picture);
  }
  await mia.left("At the lake");
  await ben.log.getByRole("button", { name: "Open: At the lake, 1 of 3" }).click();
  const viewer = ben.page.getByRole("dialog", { name: "Pictures" });
  for (const place of ["1/3", "2/3", "3/3"]) {
    await viewer.getByText(place).waitFor();
    await ben.seesPicture(viewer);
    if (place !== "3/3") await viewer.getByRole("button", { name: "The next one" }).click();
  }
  await ben.page.keyboard.press("Escape");
  await viewer.waitFor({ state: "detached" });
});

walk("somebody of the family is written to alone, and sees who writes", async (walk) => {
  const [mia, ben] = await family(walk, "mia", "ben");
  await mia.page.goto(`${mia.site}/#/new`);
  await mia.page.getByRole("dialog").getByRole("button", { name: /ben@kith/ }).click();
  await mia.field.waitFor();
  await mia.send("just for you");
  await ben.row("mia").waitFor();
  await ben.open("mia");
  await ben.sees("just for you");
  await ben.send("thank you");
  await mia.sees("thank you");
});

walk("what another app shares is sent into the chat that is chosen", async (walk) => {
  const [mia, ben] = await family(walk, "mia", "ben");
  await mia.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await mia.page.reload();
  await mia.field.waitFor();
  // As the device does it: a form's POST that leads to a page, in the installed app's own window.
  await mia.page.addInitScript(() => {
    const ask = globalThis.matchMedia.bind(globalThis);
    globalThis.matchMedia = (query) => ask(query === "(display-mode: browser)" ? "not all" : query);
  });
  await mia.page.evaluate(() => {
    const form = document.createElement("form");
    Object.assign(form, { method: "POST", action: "/share", enctype: "multipart/form-data" });
    const text = document.createElement("input");
    Object.assign(text, { name: "text", value: "Look at this" });
    form.append(text);
    document.body.append(form);
    form.submit();
  });
  await mia.page.getByRole("dialog").getByRole("button", { name: "Family" }).click();
  await mia.field.waitFor();
  await until("the draft", async () => (await mia.field.inputValue()) === "Look at this");
  await mia.page.getByRole("button", { name: "Send", exact: true }).click();
  await ben.sees("Look at this");
});
