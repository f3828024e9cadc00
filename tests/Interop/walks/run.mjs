// Walks the journeys of the product as people do, in Chromium, against the published program. Arguments: words that a walk's
// name must contain. Prints `ok NAME` or `not ok NAME: why` for each, and the sum.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Device, launch } from "./browser.mjs";
import { Friends } from "./friends.mjs";
import { Front } from "./front.mjs";
import { Home } from "./home.mjs";
import { walks } from "./walks.mjs";

const program = process.env.KITH ?? "kith";
const words = process.argv.slice(2).filter((word) => word !== "walk:");
const verbose = Boolean(process.env.INTEROP_VERBOSE);
const steps = path.join(path.dirname(fileURLToPath(import.meta.url)), "steps");

for (const file of fs.readdirSync(steps).sort()) await import(path.join(steps, file));

/** What one walk has to do with; all that it opened ends with it. */
class Walk {
  devices = [];

  constructor(name) {
    this.name = name;
  }

  /** A home of its own, with these people in the family. */
  async home(people = [], settings = {}) {
    this.house = await Home.start(program, settings);
    const pins = [this.house.pin, this.abroad?.own.pin].filter(Boolean);
    const launched = launch(...pins).then((browser) => (this.browser = browser));
    await Promise.all([launched, this.house.addPeople(...people)]);
    return this.house;
  }

  /** A home with these people, and a Prosody with those. */
  async homeAmongFriends(people, elsewhere) {
    this.abroad = await Friends.prepare();
    const home = await this.home(people, this.abroad.settings());
    await this.abroad.start(...elsewhere);
    return { home, friends: this.abroad };
  }

  /** A home with these people, and somebody in front of it who can have a newer client. */
  async homeBehind(people) {
    this.front = await Front.open();
    const home = await this.home(people, this.front.settings());
    this.front.home = home.port;
    return { home, front: this.front };
  }

  async device(kind, options) {
    const device = await Device.open(this.browser, kind, options);
    this.devices.push(device);
    return device;
  }

  complaint() {
    const faults = this.house?.faults() ?? [];
    if (faults.length > 0) return `the server logged: ${faults[0]}`;
    return this.devices.map((device) => device.complaint()).find(Boolean);
  }

  /** Pictures of every device, for whoever has to find out. */
  async show() {
    const folder = process.env.WALKS_PICTURES;
    if (!folder) return;
    fs.mkdirSync(folder, { recursive: true });
    for (const [at, { page }] of this.devices.entries())
      await page.screenshot({ path: path.join(folder, `${this.name.replace(/\W+/g, "-")}-${at}.png`) }).catch(() => {});
  }

  async end() {
    for (const device of this.devices) await device.close();
    await this.browser?.close();
    await this.abroad?.end();
    await this.front?.end();
    try {
      await this.house?.stop();
    } finally {
      this.house?.remove();
    }
  }
}

let current;
/** A signal has come: nothing more is begun. */
let isOver = false;

async function play({ name, steps, seconds }) {
  const walk = (current = new Walk(name));
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${seconds} s`)), seconds * 1000);
  });
  try {
    await Promise.race([steps(walk), late]);
    const complaint = walk.complaint();
    if (!complaint) return undefined;
    await walk.show();
    return complaint;
  } catch (fault) {
    await walk.show();
    const also = walk.complaint();
    return `${verbose ? fault.stack : fault.message.split("\n")[0]}${also ? `; ${also}` : ""}`;
  } finally {
    clearTimeout(timer);
    await walk.end();
  }
}

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"])
  process.once(signal, async () => {
    isOver = true;
    await current?.end().catch(() => {});
    process.exit(143);
  });

process.once("uncaughtException", async (fault) => {
  console.error(fault);
  await current?.end().catch(() => {});
  process.exit(1);
});

const tally = { passed: 0, failed: 0 };
for (const each of walks.filter(({ name }) => words.every((word) => name.includes(word)))) {
  if (isOver) break;
  const began = performance.now();
  const complaint = await play(each).catch((fault) => fault.message);
  const took = verbose ? ` (${((performance.now() - began) / 1000).toFixed(1)} s)` : "";
  console.log(complaint ? `not ok walk: ${each.name}: ${complaint}${took}` : `ok walk: ${each.name}${took}`);
  tally[complaint ? "failed" : "passed"]++;
}
console.log(`${tally.passed} passed, ${tally.failed} failed, 0 skipped`);
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
