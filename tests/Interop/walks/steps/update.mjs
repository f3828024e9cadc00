// A newer version of the client: it says so, comes by a tap, and takes nothing away.
import assert from "node:assert/strict";
import { Client } from "../client.mjs";
import { until, walk } from "../walks.mjs";

const version = (client) => client.page.evaluate(() => document.documentElement.dataset.version);

walk("a page that is open for long hears of a newer version, takes it by a tap, and keeps what was being typed", async (walk) => {
  const { front } = await walk.homeBehind(["mia", "ben"]);
  const [mia, ben] = [await walk.device("phone"), await walk.device("desktop")].map((device) => new Client(device, front.site));
  await mia.page.clock.install();
  await mia.signIn("mia");
  await ben.signIn("ben");
  for (const one of [mia, ben]) {
    await one.open("Family");
    await one.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  }
  const ready = (client) => client.page.getByText("A new version is ready");
  await mia.field.pressSequentially("half a thou");
  front.publish();
  await mia.page.clock.fastForward("01:30:00");
  await ready(mia).waitFor();
  assert.equal(await version(mia), undefined, "it came without being asked");
  await mia.field.pressSequentially("ght");
  await mia.page.getByRole("button", { name: "Use it" }).tap();
  await until("the newer version by a tap", () => version(mia).catch(() => undefined));
  await mia.field.waitFor();
  await until("the draft", async () => (await mia.field.inputValue()) === "half a thought");
  assert.equal(await ready(mia).count(), 0);
  await mia.page.getByRole("button", { name: "Send", exact: true }).tap();
  await ben.sees("half a thought");

  // Ben hears of it with his next start; a tab opened beside that one shows it, and the first follows.
  await ben.page.reload();
  await ben.sees("half a thought");
  await ready(ben).waitFor();
  const beside = await ben.page.context().newPage();
  await beside.goto(front.site);
  await until("the newer version in another tab", () => beside.evaluate(() => document.documentElement.dataset.version));
  await until("the newer version in the tab before", () => version(ben).catch(() => undefined));
  await ben.sees("half a thought");
  await ben.send("all here");
  await mia.sees("all here");
});
