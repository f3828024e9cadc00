// Converse.js beside our client: the same chat in both, under lock and key.
import assert from "node:assert/strict";
import { Converse } from "../converse.mjs";
import { DOMAIN } from "../home.mjs";
import { Sealed } from "../sealed.mjs";
import { walk } from "../walks.mjs";

/** Mia with our client, and Ben with Converse.js. */
async function pair(walk) {
  const home = await walk.home(["mia", "ben"]);
  // Converse.js looks for somebody's devices when it opens the chat: Mia's is to be there by then.
  const mia = await new Sealed(await walk.device("desktop"), home.site).signIn("mia");
  const ben = await Converse.open(walk.browser, home);
  walk.devices.push(ben);
  await ben.signIn("ben");
  await mia.startChat(`ben@${DOMAIN}`);
  await mia.locked();
  await ben.open("mia");
  await ben.lock();
  return [mia, ben];
}

// Ours writes in the older version to a device that has both, Converse.js in the newer one.
walk("Converse.js: a chat of two is encrypted both ways, in both versions", async (walk) => {
  const [mia, ben] = await pair(walk);
  await mia.send("under lock and key");
  await ben.sees("under lock and key");
  assert.ok(await ben.encrypted("under lock and key"));
  await ben.send("so is the answer");
  await mia.sees("so is the answer");
  for (let number = 0; number < 3; number++) {
    await mia.send(`from ours ${number}`);
    await ben.send(`from theirs ${number}`);
  }
  await ben.sees("from ours 2");
  await mia.sees("from theirs 2");
  await mia.reload();
  await mia.sees("from theirs 2");
  await mia.send("after a reload");
  await ben.sees("after a reload");
  await ben.send("good to have you back");
  await mia.sees("good to have you back");
  await mia.reached("after a reload", "Read");
});

walk("Converse.js: encrypted files both ways", async (walk) => {
  const [mia, ben] = await pair(walk);
  await mia.sendFile("recipe.txt", "text/plain", Buffer.from("two eggs").toString("base64"));
  assert.equal(await ben.file(), "two eggs");
  await ben.sendFile("notes.txt", "text/plain", "buy flour");
  assert.equal(Buffer.from(await mia.saved("notes.txt"), "base64").toString(), "buy flour");
});
