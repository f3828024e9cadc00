// Three browsers in one group, and lines that are torn in the middle of everything.
import assert from "node:assert/strict";
import { Client } from "../client.mjs";
import { walk } from "../walks.mjs";

const tall = { viewport: { width: 900, height: 3000 } };
const names = ["mia", "ben", "oma"];

walk("three write at once while their lines are torn: nothing is lost, and nothing comes twice", async (walk) => {
  const home = await walk.home(names);
  const family = [];
  for (const name of names) {
    const client = await new Client(await walk.device("desktop", tall), home.site).signIn(name);
    await client.open("Family");
    family.push(client);
  }
  const write = async (client, name, torn) => {
    for (let number = 1; number <= 6; number++) {
      await client.send(`${name} ${number}`);
      if (number === torn) client.device.cut();
      if (number === torn + 2) client.device.mend();
    }
  };
  await Promise.all(family.map((client, at) => write(client, names[at], at + 1)));
  for (const client of family) client.device.mend();

  const all = names.flatMap((name) => [1, 2, 3, 4, 5, 6].map((number) => `${name} ${number}`));
  for (const client of family) for (const text of all) await client.sees(text);
  // Each has acknowledged its own: no message waits any more, so that the order is what it stays.
  for (const client of family) await client.log.getByText("Waiting to be sent").waitFor({ state: "detached" });
  await agree(family, all);
  for (const client of family) await client.page.reload();
  for (const client of family) for (const text of all) await client.sees(text);
  await agree(family, all);
});

/** Everybody has everything once and in one order, in which stands what one person wrote as they wrote it. */
async function agree(family, all) {
  let first;
  for (const client of family) {
    const texts = (await client.texts()).filter((text) => all.includes(text));
    first ??= texts;
    assert.deepEqual(texts, first);
    for (const name of names)
      assert.deepEqual(
        texts.filter((text) => text.startsWith(name)),
        all.filter((text) => text.startsWith(name)),
      );
  }
}

walk("the box starts anew while everybody writes", async (walk) => {
  const home = await walk.home(["mia", "ben"]);
  const people = [];
  for (const name of ["mia", "ben"]) {
    const device = await walk.device("desktop", tall);
    // The line is whole, but nobody is at its end.
    device.allow(/net::ERR_|WebSocket connection to|Failed to fetch/);
    const client = await new Client(device, home.site).signIn(name);
    await client.open("Family");
    people.push(client);
  }
  for (let number = 1; number <= 3; number++) await people[0].send(`before ${number}`);
  const restarted = home.restart();
  for (let number = 1; number <= 3; number++) await people[1].send(`meanwhile ${number}`);
  await restarted;
  for (let number = 1; number <= 3; number++) await people[0].send(`after ${number}`);
  const all = ["before", "meanwhile", "after"].flatMap((word) => [1, 2, 3].map((number) => `${word} ${number}`));
  for (const client of people)
    for (const text of all) {
      await client.sees(text);
      assert.equal(await client.message(text).count(), 1, text);
    }
});
