// A page of the home in a headless Chromium with a WebSocket of its own (RFC 7395): lines on stdin are sent as frames, and frames
// that come are printed, after a line about the page.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";

import { chromium } from "playwright-core";

import { chromiumWith } from "../chromium.mjs";

const { site, stream, certificate } = JSON.parse(process.env.INTEROP_PAGE);
const profile = fs.mkdtempSync(path.join(os.tmpdir(), "interop-page-"));
const context = await chromium.launchPersistentContext(profile, chromiumWith(certificate));
try {
  const page = await context.newPage();
  await page.exposeFunction("told", (text) => void process.stdout.write(`${text}\n`));
  const answer = await page.goto(site);
  const protocol = await page.evaluate(() => performance.getEntriesByType("navigation")[0].nextHopProtocol);
  await page.evaluate(
    (stream) =>
      new Promise((resolve, reject) => {
        window.line = new WebSocket(stream, "xmpp");
        window.line.onopen = resolve;
        window.line.onmessage = (event) => window.told(event.data);
        window.line.onclose = (event) => {
          window.told(`closed ${event.code}`);
          reject(new Error("closed"));
        };
      }),
    stream,
  );
  process.stdout.write(`page ${answer.status()} by ${protocol}\n`);
  const lines = readline.createInterface({ input: process.stdin });
  process.once("SIGTERM", () => lines.close());
  for await (const line of lines) await page.evaluate((line) => window.line.send(line), line);
} finally {
  await context.close();
  fs.rmSync(profile, { recursive: true, force: true });
}
