// node tests/pictures.mjs OUTDIR [--widths=390,1280] [part of a view's name …]
// Builds the pages of tests/ui, serves them with the policy of the box, takes a picture of every view at four widths in light
// and dark, and fails on anything serious that axe finds, on any error in the console and on any request to another host.
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { build } from "vite";
import { views as dialogs } from "./pictures.dialogs.mjs";
import { views as shell } from "./ui/views.mjs";

const [out, ...wanted] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const narrowed = process.argv
  .find((word) => word.startsWith("--widths="))
  ?.slice(9)
  .split(",")
  .map(Number);
if (!out) {
  process.stderr.write("usage: node tests/pictures.mjs OUTDIR [part of a view's name …]\n");
  process.exit(2);
}
mkdirSync(out, { recursive: true });

const web = resolve(import.meta.dirname, "..");
const site = mkdtempSync(join(tmpdir(), "kith-pictures-"));
const port = Number(process.env.PORT ?? 9130);
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
/** The box's own policy, as its source has it; there is no stream here to connect to. */
const [source] = /string\.Join\([^]+?\);/.exec(
  readFileSync(join(web, "../Kith/Web/Client/ClientPolicy.cs"), "utf8"),
);
const policy = [...source.matchAll(/^ +\$?"(.+?)",?$/gm)]
  .map(([, part]) => part.replace("{stream} ", ""))
  .join("; ");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const sizes = [
  [320, 640],
  [360, 740],
  [390, 844],
  [768, 1024],
  [1280, 800],
];
const everywhere = [360, 390, 768, 1280];

await build({
  configFile: false,
  root: web,
  logLevel: "warn",
  build: {
    outDir: site,
    emptyOutDir: true,
    target: "es2022",
    rolldownOptions: {
      input: ["gallery", "app"].map((name) => join(web, `tests/ui/${name}.html`)).filter(existsSync),
    },
  },
});

const server = createServer((request, response) => {
  if (request.url === "/favicon.ico") return response.writeHead(204).end();
  const path = join(site, new URL(request.url, "http://localhost").pathname);
  if (!path.startsWith(site) || !existsSync(path)) return response.writeHead(404).end();
  response.writeHead(200, {
    "Content-Type": types[extname(path)] ?? "application/octet-stream",
    "Content-Security-Policy": policy,
  });
  return createReadStream(path).pipe(response);
});
await new Promise((done) => server.listen(port, "127.0.0.1", done));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
  ],
});
const faults = [];

async function picture(view, [width, height], theme) {
  const name = `${view.name}-${width}-${theme}`;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    hasTouch: width < 700,
    locale: view.locale ?? "en-GB",
    reducedMotion: "reduce",
    bypassCSP: false,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  page.on("console", (line) => {
    if (line.type() === "error" || line.type() === "warning") faults.push(`${name}: ${line.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`${name}: ${error.stack ?? error}`));
  page.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && hostname !== "127.0.0.1")
      faults.push(`${name}: asks ${request.url()}`);
  });
  try {
    await page.clock.setFixedTime(new Date(2026, 5, 14, 15, 45));
    await page.goto(`http://127.0.0.1:${port}/tests/ui/${view.page}`);
    await view.ready(page, width);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({
      path: join(out, `${name}.png`),
      fullPage: view.full ?? false,
      animations: "disabled",
    });
    await look(page, name);
  } catch (error) {
    faults.push(`${name}: ${error}`);
    await page.screenshot({ path: join(out, `${name}-failed.png`) }).catch(() => undefined);
  }
  await context.close();
}

/** What axe says, and whether anything is wider than the window. */
async function look(page, name) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, {
      resultTypes: ["violations"],
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  for (const fault of violations.filter((one) => one.impact === "serious" || one.impact === "critical"))
    faults.push(
      `${name}: ${fault.id}: ${fault.nodes.map((node) => `${node.html.slice(0, 140)} (${node.any[0]?.message ?? node.failureSummary})`).join("\n    ")}`,
    );
  const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  if (wider) faults.push(`${name}: is wider than the window`);
}

const views = [...shell, ...dialogs];
const taken = views.filter((view) => wanted.length === 0 || wanted.some((part) => view.name.includes(part)));
for (const view of taken)
  for (const size of sizes.filter(([width]) => (narrowed ?? view.widths ?? everywhere).includes(width)))
    for (const theme of ["light", "dark"]) await picture(view, size, theme);

await browser.close();
server.close();
rmSync(site, { recursive: true });
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.stdout.write(`${taken.length} views, ${faults.length} faults\n`);
process.exit(faults.length ? 1 : 0);
