// Groups that people make in the client, and what becomes of them.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { Client } from "../client.mjs";
import { photo } from "../files.mjs";
import { walk } from "../walks.mjs";

/** Three of the family on different devices. */
async function three(walk) {
  const home = await walk.home(["mia", "ben", "lea"]);
  const people = [];
  for (const [name, kind] of [
    ["mia", "desktop"],
    ["ben", "phone"],
    ["lea", "desktop"],
  ])
    people.push(await new Client(await walk.device(kind), home.site).signIn(name));
  return { home, people };
}

/** In two steps: who, and how it is called. */
async function make(person, name, others, encrypted) {
  await person.begin("New group");
  for (const other of others) await person.dialog.getByRole("checkbox", { name: new RegExp(`${other}@`) }).click();
  await person.dialog.getByRole("button", { name: `Next: ${others.length} people` }).click();
  await person.dialog.getByLabel("Name of the group").fill(name);
  const lock = person.dialog.getByRole("switch", { name: "Encrypt this chat" });
  if ((await lock.isChecked()) !== encrypted) await lock.click();
  await person.dialog.getByRole("button", { name: "Create group" }).click();
  await person.page.getByRole("heading", { name, level: 2 }).waitFor();
}

/** Who was asked finds it among the requests, and goes in. */
async function accept(person, name) {
  await person.list.getByRole("link", { name: "Message requests" }).click();
  const request = person.dialog.getByRole("article").filter({ hasText: "mia invites you" });
  await request.getByRole("button", { name: /^(Accept|Join)$/ }).click();
  await request.waitFor({ state: "detached" });
  await person.dialog.getByRole("button", { name: "Close" }).click();
  await person.open(name);
}

/** What stands about the open group. */
async function details(person) {
  await person.head.click();
  const pane = person.page.getByRole("region", { name: "About this group" });
  await pane.waitFor();
  return pane;
}

/** Chooses what is to become of a member. */
async function change(person, pane, name, what) {
  await pane.getByRole("button", { name: `More about ${name}` }).click();
  await person.page.getByRole("menuitem", { name: what }).click();
}

walk("a group is made in two steps, changes its name and picture, and its people come, rise, are put out and go", async (walk) => {
  const {
    people: [mia, ben, lea],
  } = await three(walk);
  await make(mia, "Summer plans", ["ben", "lea"], false);
  await mia.send("Who wants to swim?");
  for (const one of [ben, lea]) {
    await accept(one, "Summer plans");
    await one.sees("Who wants to swim?");
  }
  await ben.send("I do");
  for (const one of [mia, lea]) await one.sees("I do");

  const pane = await details(mia);
  await pane.getByRole("button", { name: "Name of the group" }).click();
  await pane.getByRole("textbox", { name: "Name of the group" }).fill("Summer at the sea");
  await pane.getByRole("button", { name: "Save" }).click();
  await pane.getByRole("button", { name: "Add a picture" }).click();
  const chooser = mia.page.waitForEvent("filechooser");
  await mia.dialog.getByRole("button", { name: "Choose a photo" }).click();
  await (await chooser).setFiles(photo("sea.png"));
  await mia.dialog.getByRole("button", { name: "Save" }).click();
  for (const one of [mia, lea]) {
    await one.page.getByRole("heading", { name: "Summer at the sea", level: 2 }).waitFor();
    await one.seesPicture(one.row("Summer at the sea"));
  }

  // Ben becomes an admin, who may change it from now on.
  await change(mia, pane, "ben", "Make an admin");
  await pane.getByText("Admin", { exact: true }).waitFor();
  const bens = await details(ben);
  await bens.getByRole("button", { name: /Say what it is about/ }).click();
  await bens.getByRole("textbox", { name: "What it is about" }).fill("Sun and sand");
  await bens.getByRole("button", { name: "Save" }).click();
  await pane.getByText("Sun and sand").waitFor();

  await change(mia, pane, "lea", "Remove from the group");
  await mia.page.getByRole("dialog", { name: "Remove lea?" }).getByRole("button", { name: "Remove" }).click();
  await pane.getByText("2 people").waitFor();
  await lea.page.getByText("Mia removed you from this group.").first().waitFor();
  await lea.sees("I do");
  assert.equal(await lea.field.count(), 0, "who is put out can go on writing");
  await mia.send("Do not tell Lea");
  await bens.getByRole("button", { name: "Close" }).click();
  await ben.sees("Do not tell Lea");

  // She is added again, and comes by the link.
  await pane.getByRole("button", { name: "Add people" }).click();
  const adding = mia.page.getByRole("region", { name: "Add people" });
  await adding.getByRole("checkbox", { name: /lea@/ }).click();
  await adding.getByRole("button", { name: "Add 1 person" }).click();
  await pane.getByRole("button", { name: "Link to the group" }).click();
  const link = await mia.page.getByText(/^xmpp:\S+\?join$/).innerText();
  await lea.begin();
  await lea.dialog.getByLabel("Name or address").fill(link);
  await lea.dialog.getByRole("button", { name: /Look up this address/ }).click();
  await lea.dialog.getByRole("heading", { name: "Summer at the sea" }).waitFor();
  await lea.dialog.getByRole("button", { name: "Join" }).click();
  await lea.send("I am back");
  for (const one of [mia, ben]) await one.sees("I am back");

  const leaving = await details(ben);
  await leaving.getByRole("button", { name: "Leave the group" }).click();
  await ben.page.getByRole("dialog").getByRole("button", { name: "Leave the group" }).click();
  await ben.list.waitFor();
  await ben.row("Summer at the sea").waitFor({ state: "detached" });
  await mia.page.getByRole("region", { name: "Link to the group" }).getByRole("button", { name: "Back" }).click();
  await ben.page.reload();
  await ben.row("Family").waitFor();
  assert.equal(await ben.row("Summer at the sea").count(), 0, "who has left is in again");
  await mia.send("Then we two");
  await lea.page.reload();
  await lea.sees("Then we two");
});

/** Whether a text stands in any file of a folder. */
function kept(folder, text) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .some((file) => file.isFile() && fs.readFileSync(path.join(file.parentPath ?? file.path, file.name)).includes(text));
}

walk("an encrypted group is read by its people alone, and not by the box", async (walk) => {
  const {
    home,
    people: [mia, ben, lea],
  } = await three(walk);
  await make(mia, "Birthday", ["ben", "lea"], true);
  await mia.send("A telescope for Oma");
  for (const one of [ben, lea]) {
    await accept(one, "Birthday");
    await one.sees("A telescope for Oma");
  }
  for (const one of [mia, ben, lea]) await one.head.getByText("Encrypted", { exact: true }).waitFor({ state: "attached" });
  await ben.send("With a tripod");
  for (const one of [mia, lea]) await one.sees("With a tripod");
  await lea.choose("Photo or video", photo("stars.png"));
  await lea.dialog.getByLabel("Caption").fill("This one");
  await lea.dialog.getByRole("button", { name: "Send", exact: true }).click();
  for (const one of [mia, ben]) await one.seesPicture(one.log.getByRole("article", { name: /^lea, /i }).first());

  await mia.open("Family");
  await mia.send("Nothing secret here");
  await mia.left("Nothing secret here");
  assert.ok(kept(home.data, "Nothing secret here"), "what is said in the open is looked for in the wrong place");
  for (const secret of ["telescope", "tripod"]) assert.ok(!kept(home.data, secret), `the box has “${secret}”`);
  for (const one of [ben, lea]) {
    await one.page.reload();
    for (const text of ["A telescope for Oma", "With a tripod"]) {
      await one.sees(text);
      assert.equal(await one.message(text).count(), 1, text);
    }
  }
});
