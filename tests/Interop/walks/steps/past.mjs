// The hostile room with a long past: it opens as fast as any other, and stays light however far somebody scrolls back.
import assert from "node:assert/strict";
import { Client } from "../client.mjs";
import { DOMAIN, freePort } from "../home.mjs";
import { bodies, escape, unharmed } from "../hostile.mjs";
import { Stranger } from "../stranger.mjs";
import { until, walk } from "../walks.mjs";

/** `WALKS_MESSAGES=100000` is the long form. */
const COUNT = Number(process.env.WALKS_MESSAGES ?? 10_000);
const BACK = Math.min(3000, COUNT / 2);
const BATCH = 500;
const ROOM = `family@groups.${DOMAIN}`;
const names = ["tom", "tim", "kai", "jan"];

/** Every tenth is made to break something. */
const said = (number) => `message ${number}${number % 10 === 0 ? ` ${bodies[(number / 10) % bodies.length]}` : ""}`;

/** Each of them says a part of it; a batch is waited for, so that the next finds room. */
async function fill(port) {
  await Promise.all(
    names.map(async (name, first) => {
      const one = await Stranger.open(port, name);
      one.isDeaf = true;
      one.write(`<presence to='${ROOM}/${name}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
      await one.fence();
      for (let number = first; number < COUNT; ) {
        for (let room = BATCH; room > 0 && number < COUNT; room--, number += names.length)
          one.write(`<message to='${ROOM}' type='groupchat' id='m${number}'><body>${escape(said(number))}</body></message>`);
        await one.fence();
      }
      one.close();
    }),
  );
  const last = await Stranger.open(port, names[0]);
  last.write(`<presence to='${ROOM}/last'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  last.write(`<message to='${ROOM}' type='groupchat' id='end'><body>that was all</body></message>`);
  await last.fence();
  last.close();
}

/** How long each frame took, from now on. */
const watchFrames = (page) =>
  page.evaluate(() => {
    window.frames = [];
    let last = performance.now();
    const next = (now) => {
      window.frames.push(now - last);
      last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });

async function framesOf(page) {
  const frames = (await page.evaluate(() => window.frames)).sort((one, other) => one - other);
  return (share) => Math.round(frames[Math.floor((frames.length - 1) * share)]);
}

/** Megabytes that are in use. */
async function heap(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return Math.round(usedSize / 100_000) / 10;
}

/** The number of the first message that is drawn. */
const firstDrawn = async (client) =>
  Math.min(
    ...(await client.log.getByRole("article").allInnerTexts()).flatMap((text) => /message (\d+)/.exec(text)?.[1] ?? []),
  );

walk(
  `a hostile room of ${COUNT} messages opens at once, and is light to scroll through`,
  async (walk) => {
    const direct = await freePort();
    const home = await walk.home(["mia", ...names], { "Listen:ClientTls": direct, "Limits:StanzasPerSecond": 0 });
    const began = performance.now();
    await fill(direct);
    const filled = performance.now();
    const mia = await new Client(await walk.device("desktop"), home.site).signIn("mia");
    // Pictures that others name are not to be had, which the console may say.
    mia.device.allow(/net::ERR_|Failed to load resource/);
    const opening = performance.now();
    await mia.open("Family");
    await mia.sees("that was all");
    const opened = performance.now();
    const before = await heap(mia.page);

    await watchFrames(mia.page);
    await mia.log.hover();
    let drawn = 0;
    await until(
      `message ${COUNT - BACK}`,
      async () => {
        for (let turn = 0; turn < 5; turn++) await mia.page.mouse.wheel(0, -1500);
        drawn = Math.max(drawn, await mia.log.getByRole("article").count());
        return (await firstDrawn(mia)) <= COUNT - BACK;
      },
      120_000,
    );
    const frame = await framesOf(mia.page);
    const far = await heap(mia.page);
    await mia.page.getByRole("button", { name: "To the newest message" }).click();
    await mia.hasInSight("that was all");
    await mia.send("still here");
    await mia.left("still here");
    await unharmed(mia);
    const figures = [
      `made in ${Math.round((filled - began) / 1000)} s`,
      `opened in ${Math.round(opened - opening)} ms`,
      `frames ${frame(0.5)} ms, 95 % within ${frame(0.95)} ms`,
      `heap ${before} MB, ${far} MB after ${BACK} messages`,
      `${drawn} drawn at most`,
    ];
    if (process.env.INTEROP_VERBOSE) console.log(`# ${COUNT} messages: ${figures.join("; ")}`);
    assert.ok(drawn <= 150, `${drawn} messages were in the page at once`);
    assert.ok(before <= 40 && far <= 60, `the heap: ${figures}`);
    // Others may be at work on this machine: this is for what hangs.
    assert.ok(frame(0.5) <= 50, `the frames: ${figures}`);
  },
  { seconds: 120 + COUNT / 200 },
);
