// Two tabs of one browser: one has the stream, the other asks it; whichever goes, nothing is lost and nothing comes twice.
import assert from "node:assert/strict";
import { Client } from "../client.mjs";
import { until, walk } from "../walks.mjs";

const words = (name) => (text) => text.startsWith(`${name} `);

walk("two tabs show the same, and the second goes on when the first is closed with messages under way", async (walk) => {
  const home = await walk.home(["mia", "ben"]);
  const first = await new Client(await walk.device("desktop"), home.site).signIn("mia");
  const ben = await new Client(await walk.device("desktop"), home.site).signIn("ben");
  for (const one of [first, ben]) await one.open("Family");
  const second = await first.newTab();
  await second.field.waitFor();

  // Both see what either of them says, and what comes.
  await second.send("mia from the second tab");
  await first.send("mia from the first tab");
  await ben.send("ben to both");
  for (const one of [first, second, ben])
    for (const text of ["mia from the second tab", "mia from the first tab", "ben to both"]) await one.sees(text);
  await second.left("mia from the second tab");
  await first.act("mia from the second tab", "👍");
  await second.message("mia from the second tab").getByRole("button", { name: "👍" }).waitFor();

  // The tab with the stream goes while the line is down, and what waits is the other's.
  first.device.cut();
  await second.send("mia in a tunnel");
  await second.reached("mia in a tunnel", "Waiting to be sent");
  await first.page.close();
  first.device.mend();
  await ben.sees("mia in a tunnel");
  await second.left("mia in a tunnel");

  // It goes at the very moment at which the other one asks it to send.
  let [leading, asking] = [second, await second.newTab()];
  const all = ["second tab", "first tab", "tunnel"].length;
  for (let round = 1; round <= 4; round++) {
    await asking.field.fill(`mia round ${round}`);
    const pressed = asking.page.getByRole("button", { name: "Send", exact: true }).click();
    await Promise.all([pressed, leading.page.close()]);
    await ben.sees(`mia round ${round}`);
    await asking.left(`mia round ${round}`);
    assert.equal(await asking.field.inputValue(), "", "what was sent is still in the field");
    [leading, asking] = [asking, await asking.newTab()];
  }

  // It sends, and goes before it could say so.
  await leading.page.evaluate(() => {
    const say = BroadcastChannel.prototype.postMessage;
    BroadcastChannel.prototype.postMessage = function (note) {
      if (note.kind !== "answer") say.call(this, note);
    };
  });
  await asking.send("mia without an answer");
  await ben.sees("mia without an answer");
  await leading.page.close();
  await asking.send("mia alone");
  await ben.sees("mia alone");
  const expected = all + 4 + 2;
  for (const one of [asking, ben]) {
    const said = (await one.texts()).filter(words("mia"));
    assert.equal(said.length, expected, said.join(", "));
    assert.equal(new Set(said).size, said.length, "something came twice");
  }
  await ben.page.reload();
  await ben.sees("mia alone");
  await until("all of it", async () => (await ben.texts()).filter(words("mia")).length === expected);
});
