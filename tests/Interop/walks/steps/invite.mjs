// Journey 2: invite.
import assert from "node:assert/strict";
import { Client } from "../client.mjs";
import { PASSWORD } from "../home.mjs";
import { walk } from "../walks.mjs";

walk("a guest follows a link, makes an account, and is in the family's chat without typing the password again", async (walk) => {
  const home = await walk.home(["mia"]);
  const mia = await new Client(await walk.device("desktop"), home.site).signIn("mia");
  const tim = new Client(await walk.device("phone"), home.site);
  await tim.page.goto(await home.invite("--from", "mia"));
  await tim.page.getByLabel("Name").fill("tim");
  await tim.page.getByLabel("Password").fill(PASSWORD);
  await tim.page.getByRole("button").click();
  await tim.page.getByRole("link", { name: "Continue in the browser" }).click();
  await tim.open("Family");
  await tim.send("Here I am");
  await mia.open("Family");
  await mia.sees("Here I am");

  // The token is the browser's own from now on, and what the page left is gone.
  await tim.page.reload();
  await tim.sees("Here I am");
  const cookies = await tim.device.context.cookies(home.site);
  assert.deepEqual(cookies.map((cookie) => cookie.name).filter((name) => name.includes("first")), []);
});

walk("who has lost the password chooses a new one by a link, and is in", async (walk) => {
  const home = await walk.home(["mia", "ben"]);
  const ben = await new Client(await walk.device("desktop"), home.site).signIn("ben");
  await ben.open("Family");
  await ben.send("from before");
  const printed = await home.kith(["user", "reset", "mia"]);
  const mia = new Client(await walk.device("phone"), home.site);
  await mia.page.goto(/https:\/\/\S+\/reset\/[\w-]+/.exec(printed)[0]);
  await mia.page.getByLabel("New password").fill("something else entirely");
  await mia.page.getByRole("button").click();
  await mia.page.getByRole("link", { name: "Continue in the browser" }).click();
  await mia.open("Family");
  await mia.sees("from before");
});

walk("an admin makes the link in the client itself, and who follows it is a contact at once", async (walk) => {
  const home = await walk.home();
  await home.kith(["user", "add", "mia", "--role", "admin", "--password-stdin"], `${PASSWORD}\n`);
  const mia = await new Client(await walk.device("desktop"), home.site).signIn("mia");
  await mia.page.goto(`${home.site}/#/new/invite`);
  const dialog = mia.page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make a link" }).click();
  const link = await dialog.getByText(/https:\/\/\S+\/invite\//).first().innerText();
  const lea = new Client(await walk.device("phone"), home.site);
  await lea.page.goto(link.trim());
  await lea.page.getByRole("heading", { name: "Mia invites you" }).waitFor();
  await lea.page.getByLabel("Name").fill("lea");
  await lea.page.getByLabel("Password").fill(PASSWORD);
  await lea.page.getByRole("button").click();
  await lea.page.getByRole("link", { name: "Continue in the browser" }).click();
  await lea.list.waitFor();
  await lea.page.goto(`${home.site}/#/new`);
  await lea.page.getByRole("dialog").getByRole("button", { name: /mia@kith/ }).click();
  await lea.field.waitFor();
  await lea.send("Thanks for the link");
  await mia.page.goto(`${home.site}/#/chats`);
  await mia.open("lea");
  await mia.sees("Thanks for the link");
});
