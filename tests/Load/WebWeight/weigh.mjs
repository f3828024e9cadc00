// What the web client weighs and how quick it is (web.md, "Weight"), and beside it Converse.js 14, in one Chromium and one run
// against the published program. Prints a table. Not part of the test run. KITH names the program; words choose parts, and `alone`
// leaves Converse.js out.
import { launch } from "../../Interop/walks/browser.mjs";
import { DOMAIN, freePort, Home } from "../../Interop/walks/home.mjs";
import { Stranger } from "../../Interop/walks/stranger.mjs";
import { apps } from "./apps.mjs";
import { frames, heapOf, meter, slow } from "./meter.mjs";
import { Table } from "./table.mjs";

const ROOM = `family@groups.${DOMAIN}`;
const MESSAGES = Number(process.env.MESSAGES ?? 10_000);
const CHATS = 50;
const SCROLLED = 15_000;

async function weight({ open, who }, note) {
  const app = await open("phone", { serviceWorkers: "block" });
  const { seen } = await meter(app);
  await app.start();
  note("to sign-in", seen.bytes / 1024, "KB", "60 KB");
  note("… requests", seen.requests);
  // What comes while one reads counts for what follows.
  await app.page.waitForLoadState("networkidle");
  await app.fill(who);
  await app.submit();
  await app.listed();
  await app.room();
  await app.page.waitForLoadState("networkidle");
  note("to a usable chat", seen.bytes / 1024, "KB", "150 KB");
  note("… requests in all", seen.requests, "", "under 12");
  await app.close();
}

async function quickness({ open, who }, note) {
  const app = await open("phone");
  const { session } = await meter(app);
  await slow(session);
  let began = performance.now();
  await app.start();
  note("first visit to sign-in, slowed", performance.now() - began, "ms");
  await app.page.waitForLoadState("networkidle");
  await app.fill(who);
  began = performance.now();
  await app.submit();
  await app.listed();
  note("sign-in to the first chat, slowed", performance.now() - began, "ms", "1000 ms");
  began = performance.now();
  await app.page.reload({ waitUntil: "commit" });
  await app.listed();
  note("next start to the first chat, slowed", performance.now() - began, "ms");
  await app.close();
}

async function scrolling({ open, who }, note) {
  const app = await open("desktop");
  await app.start();
  await app.fill(who);
  await app.submit();
  await app.listed();
  await app.room();
  await app.words().filter({ hasText: `${MESSAGES - 1} word` }).first().waitFor();
  const box = await app.messages().boundingBox();
  await app.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const times = await frames(app.page, async () => {
    const end = performance.now() + SCROLLED;
    while (performance.now() < end) await app.page.mouse.wheel(0, -600);
  });
  const part = (share) => times[Math.floor((times.length - 1) * share)];
  note(`a frame while scrolling ${MESSAGES} messages`, part(0.5), "ms", "16.7 ms");
  note("… 95 of 100 within", part(0.95), "ms");
  note("… the longest", part(1), "ms");
  const numbers = (await app.words().allInnerTexts()).flatMap((text) => /^(\d+) word/.exec(text)?.[1] ?? []);
  note(`messages passed in ${SCROLLED / 1000} s`, MESSAGES - Math.min(...numbers.map(Number)));
  await app.close();
}

async function heap({ open, who }, note) {
  const app = await open("desktop");
  await app.start();
  await app.fill(fresh(who));
  await app.submit();
  await app.listed();
  await app.people(CHATS);
  await app.room();
  note(`heap with ${CHATS} chats`, (await heapOf(app)) / 1e6, "MB", "40 MB");
  await app.close();
}

/** Once without a look at the clock: what is served has been compressed, and the box is awake. */
async function visit({ open, who }) {
  const app = await open("phone");
  await app.start();
  await app.fill(who);
  await app.submit();
  await app.listed();
  await app.page.waitForLoadState("networkidle");
  await app.close();
}

/** A long history, written by an app that does not wait. */
async function history(home) {
  const tom = await Stranger.open(home.direct, "tom");
  tom.write(`<presence to='${ROOM}/tom'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  await tom.expect("the subject of the room", (stanza) => stanza.getChild("subject") !== undefined);
  for (let number = 0; number < MESSAGES; number++) {
    const words = "word ".repeat(1 + ((number * 7) % 40));
    tom.write(`<message to='${ROOM}' type='groupchat' id='m${number}'><body>${number} ${words}</body></message>`);
    if (number % 200 === 199) await tom.fence();
  }
  await tom.fence();
  tom.close();
}

/** Somebody who has not signed in yet: an earlier session of theirs, which may still come back, would get the letters. */
const fresh = (who) => `${who}2`;

/** Many people who have written to each of those who look. */
async function letters(home) {
  await home.addPeople(...Object.values(apps).map(({ who }) => fresh(who)));
  const people = Array.from({ length: CHATS }, (_, at) => `person${at}`);
  await home.addPeople(...people);
  for (const name of people) {
    const person = await Stranger.open(home.direct, name);
    for (const { who } of Object.values(apps))
      person.write(`<message to='${fresh(who)}@${DOMAIN}' type='chat'><body>Hello from ${name}</body></message>`);
    await person.fence();
    person.close();
  }
}

const parts = {
  weight: { measure: weight },
  quickness: { measure: quickness },
  scrolling: { measure: scrolling, before: history },
  heap: { measure: heap, before: letters },
};

const words = process.argv.slice(2);
const wanted = words.filter((word) => word !== "alone");
const measured = words.includes("alone") ? { Kith: apps.Kith } : apps;

const home = await Home.start(process.env.KITH ?? "kith", {
  "Listen:ClientTls": await freePort(),
  "Limits:StanzasPerSecond": 0,
});
home.direct = home.settings["Listen:ClientTls"];
const browser = await launch(home.pin);
const table = new Table(Object.keys(measured));
try {
  await home.addPeople("tom", ...Object.values(measured).map(({ who }) => who));
  const columns = Object.entries(measured).map(([column, { open, who }]) => {
    return { note: table.column(column), column, app: { who, open: (...more) => open(browser, home, ...more) } };
  });
  for (const { app } of columns) await visit(app);
  for (const [name, { measure, before }] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    await before?.(home);
    for (const { app, note, column } of columns)
      await measure(app, note).catch((fault) => table.failed(column, name, fault));
  }
  table.print();
} finally {
  await browser.close();
  await home.stop();
  home.remove();
}
