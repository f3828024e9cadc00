// A person at our web client in Chromium, as the walks have them: a line of JSON on stdin is what they do, the line on stdout that
// follows is what came of it. At the end of stdin it tells what went wrong unseen, and ends.
import readline from "node:readline";
import { Device, launch } from "../walks/browser.mjs";
import { Sealed } from "../walks/sealed.mjs";

const { site, certificate, kind } = JSON.parse(process.env.INTEROP_WEBAPP);
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const browser = await launch(certificate);
try {
  const device = await Device.open(browser, kind);
  const person = new Sealed(device, site);
  process.once("SIGTERM", () => process.stdin.destroy());
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [what, ...details] = JSON.parse(line);
    try {
      const value = await person[what](...details);
      tell({ value: typeof value === "string" || Array.isArray(value) ? value : null });
    } catch (fault) {
      tell({ fault: `${what}: ${fault.message}` });
    }
  }
  tell({ value: device.complaint() ?? null });
} finally {
  await browser.close();
}
