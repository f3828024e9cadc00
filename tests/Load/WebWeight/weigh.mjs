// What the web client weighs and how quick it is, in Chromium against the published program: web.md, "Weight". Prints a table.
// Not part of the test run. KITH names the program.
import { Client } from "../../Interop/walks/client.mjs";
import { Device, launch } from "../../Interop/walks/browser.mjs";
import { DOMAIN, freePort, Home, PASSWORD } from "../../Interop/walks/home.mjs";
import { Stranger } from "../../Interop/walks/stranger.mjs";

const ROOM = `family@groups.${DOMAIN}`;
const MESSAGES = Number(process.env.MESSAGES ?? 10_000);
const CHATS = 50;
const print = (what, value, goal) => console.log(`${what.padEnd(44)} ${String(value).padStart(12)}   ${goal}`);
const kilo = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

/** Requests and bytes as they came over the line, headers included. */
async function meter(device) {
  const session = await device.context.newCDPSession(device.page);
  const seen = { requests: 0, bytes: 0 };
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    seen.requests++;
    seen.bytes += encodedDataLength;
  });
  return { session, seen };
}

async function slow(session) {
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const rate = (9 * 1e6) / 8;
  const line = { offline: false, latency: 20, downloadThroughput: rate, uploadThroughput: rate };
  await session.send("Network.emulateNetworkConditions", line);
}

async function weight(browser, home) {
  const device = await Device.open(browser, "phone", { serviceWorkers: "block" });
  const { seen } = await meter(device);
  const client = new Client(device, home.site);
  // What comes while one reads is for later.
  await device.page.goto(home.site, { waitUntil: "commit" });
  await device.page.getByRole("button", { name: "Sign in" }).waitFor();
  print("to sign-in", kilo(seen.bytes), "60 KB");
  print("  requests", seen.requests, "");
  await device.page.waitForLoadState("networkidle");
  await client.enter("mia");
  await client.open("Family");
  await device.page.waitForLoadState("networkidle");
  print("to a usable chat", kilo(seen.bytes), "150 KB");
  print("  requests", seen.requests, "under 12");
  await device.close();
}

async function quickness(browser, home) {
  const device = await Device.open(browser, "phone");
  const { session } = await meter(device);
  await slow(session);
  const { page } = device;
  const client = new Client(device, home.site);
  await page.goto(home.site);
  await page.waitForLoadState("networkidle");
  await page.getByLabel("Name", { exact: true }).fill("mia");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  let began = performance.now();
  await page.getByRole("button", { name: "Sign in" }).click();
  await client.row("Family").waitFor();
  print("sign-in to the first chat, slowed", `${Math.round(performance.now() - began)} ms`, "1000 ms");
  began = performance.now();
  await page.reload({ waitUntil: "commit" });
  await client.row("Family").waitFor();
  print("next start to the first chat, slowed", `${Math.round(performance.now() - began)} ms`, "");
  await device.close();
}

/** A long history, written by an app that does not wait. */
async function history(home) {
  const tom = await Stranger.open(home.direct, "tom");
  tom.isDeaf = true;
  tom.write(`<presence to='${ROOM}/tom'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  for (let number = 0; number < MESSAGES; number++) {
    const words = "word ".repeat(1 + ((number * 7) % 40));
    tom.write(
      `<message to='${ROOM}' type='groupchat' id='m${number}'><body>${number} ${words}</body></message>`,
    );
    if (number % 200 === 199) await tom.fence();
  }
  await tom.fence();
  tom.close();
}

async function scrolling(browser, home) {
  const device = await Device.open(browser, "desktop");
  const client = await new Client(device, home.site).signIn("mia");
  await client.open("Family");
  await client.sees(`${MESSAGES - 1} word`);
  const { page } = device;
  await page.evaluate(() => {
    window.frameTimes = [];
    let last = performance.now();
    const tick = (now) => {
      window.frameTimes.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const box = await client.log.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const end = performance.now() + 15_000;
  while (performance.now() < end) await page.mouse.wheel(0, -600);
  const frames = (await page.evaluate(() => window.frameTimes)).sort((one, other) => one - other);
  const part = (share) => `${frames[Math.floor((frames.length - 1) * share)].toFixed(1)} ms`;
  print(`a frame while scrolling ${MESSAGES} messages, median`, part(0.5), "16.7 ms");
  print("  95 of 100 within", part(0.95), "");
  print("  the longest", part(1), "");
  await device.close();
}

async function heap(browser, home) {
  const people = Array.from({ length: CHATS }, (_, at) => `person${at}`);
  await home.addPeople(...people);
  for (const name of people) {
    const person = await Stranger.open(home.direct, name);
    person.write(`<message to='mia@${DOMAIN}' type='chat'><body>Hello from ${name}</body></message>`);
    await person.fence();
    person.close();
  }
  const device = await Device.open(browser, "desktop");
  const client = await new Client(device, home.site).signIn("mia");
  await client.row("Person49").or(client.row("person49")).first().waitFor();
  await client.open("Family");
  const session = await device.context.newCDPSession(device.page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  print(`heap with ${CHATS} chats`, `${(usedSize / 1e6).toFixed(1)} MB`, "40 MB");
  await device.close();
}

const direct = await freePort();
const home = await Home.start(process.env.KITH ?? "kith", {
  "Listen:ClientTls": direct,
  "Limits:StanzasPerSecond": 0,
});
home.direct = direct;
const browser = await launch(home.pin);
try {
  await home.addPeople("mia", "tom");
  print("", "measured", "goal");
  const wanted = process.argv.slice(2);
  const parts = { weight, quickness, scrolling, heap };
  for (const [name, measure] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    if (name === "scrolling") await history(home);
    await measure(browser, home);
  }
} finally {
  await browser.close();
  await home.stop();
  home.remove();
}
