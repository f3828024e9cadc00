// Converse.js 14 as a whole client, as npm has it and as its own documentation puts it on a page: somebody else's app, at our home.
import fs from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import zlib from "node:zlib";
import { kinds } from "./browser.mjs";
import { DOMAIN, PASSWORD } from "./home.mjs";

const dist = fileURLToPath(new URL("../omemo/node_modules/converse.js/dist/", import.meta.url));
const compress = promisify(zlib.brotliCompress);
const TYPES = {
  ".css": "text/css",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

const document = (home, settings) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Converse</title><link rel="stylesheet" href="/converse.min.css">
<body class="converse-fullscreen"><div id="conversejs-bg"></div>
<script type="module">
  import "/converse.min.js";
  converse.initialize(${JSON.stringify({
    websocket_url: `wss://${DOMAIN}:${home.port}/xmpp-websocket`,
    discover_connection_methods: false,
    view_mode: "fullscreen",
    assets_path: "/",
    allow_registration: false,
    muc_nickname_from_jid: true,
    ...settings,
  })});
</script></html>`;

/** Its files, read and compressed once. */
const kept = new Map();

function file(name, brotli) {
  const key = `${name} ${brotli}`;
  if (!kept.has(key)) kept.set(key, read(name, brotli));
  return kept.get(key);
}

async function read(name, brotli) {
  const bytes = await fs.readFile(path.join(dist, path.normalize(name)));
  return brotli ? compress(bytes) : bytes;
}

/** Where it is served from: a small server on loopback, where pages are as secure as encryption asks for. */
export class ConverseSite {
  static async open(home, { brotli = false, settings = {} } = {}) {
    const site = new ConverseSite();
    site.brotli = brotli;
    site.page = Buffer.from(document(home, settings));
    if (brotli) site.page = await compress(site.page);
    site.server = http.createServer((request, response) => void site.#answer(request, response));
    await new Promise((resolve) => site.server.listen(0, "127.0.0.1", resolve));
    site.address = `http://localhost:${site.server.address().port}/`;
    return site;
  }

  async #answer({ url }, response) {
    const { pathname } = new URL(url, this.address);
    const body = pathname === "/" ? this.page : await file(pathname, this.brotli).catch(() => undefined);
    if (!body) return response.writeHead(404).end();
    const type = pathname === "/" ? "text/html" : (TYPES[path.extname(pathname)] ?? "application/octet-stream");
    response.writeHead(200, { "Content-Type": type, ...(this.brotli && { "Content-Encoding": "br" }) }).end(body);
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Somebody with it, in a browser of their own. What it says on its console, or wants of its makers' site, is its own affair. */
export class Converse {
  static async open(browser, home, { kind = "desktop", ...options } = {}) {
    const converse = new Converse();
    converse.site = await ConverseSite.open(home, options);
    converse.context = await browser.newContext({ ...kinds[kind], locale: "en-GB" });
    converse.context.setDefaultTimeout(15_000);
    await converse.context.route("https://conversejs.org/**", (route) => route.abort());
    converse.page = await converse.context.newPage();
    return converse;
  }

  async signIn(name) {
    await this.page.goto(this.site.address);
    return this.enter(name);
  }

  /** On the first screen. */
  async enter(name) {
    await this.fill(name);
    await this.submit();
    await this.page.locator("converse-roster").waitFor();
    return this;
  }

  async fill(name) {
    await this.page.locator("input[name=jid]").fill(`${name}@${DOMAIN}`);
    await this.page.locator("input[name=password]").fill(PASSWORD);
  }

  submit() {
    return this.page.getByRole("button", { name: "Log in" }).click();
  }

  /** Opens the chat with a contact. */
  async open(name) {
    await this.page.locator("converse-roster").getByText(name, { exact: true }).click();
    await this.field.waitFor();
  }

  /** Closes the padlock of the open chat. */
  async lock() {
    const padlock = this.page.locator(".toggle-omemo:visible");
    await padlock.and(this.page.locator("[data-disabled=false]")).waitFor();
    const closed = this.page.locator(".toggle-omemo[title='Messages are sent encrypted']:visible");
    if ((await closed.count()) === 0) await padlock.click();
    await closed.waitFor();
  }

  /** Opens a room that it has entered by itself. */
  async openRoom(name) {
    await this.page.locator("converse-rooms-list").getByText(name, { exact: true }).click();
    await this.field.waitFor();
  }

  get field() {
    return this.page.locator("textarea.chat-textarea:visible");
  }

  async send(text) {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  async sendFile(name, mimeType, text) {
    await this.page.locator("input[type=file].fileupload").first().setInputFiles({ name, mimeType, buffer: Buffer.from(text) });
  }

  message(text) {
    return this.page.locator("converse-chat-message").filter({ hasText: text });
  }

  async sees(text) {
    await this.message(text).first().waitFor();
  }

  /** Whether a message came under lock and key. */
  encrypted(text) {
    return this.message(text).first().locator("[data-encrypted=true]").isVisible();
  }

  /** What is in the file that the newest message links to, decrypted. */
  async file() {
    const link = this.page.locator("converse-chat-message a[href^='blob:']").last();
    await link.waitFor();
    return link.evaluate((anchor) => fetch(anchor.href).then((answer) => answer.text()));
  }

  complaint() {
    return undefined;
  }

  async close() {
    await this.context.close();
    this.site.close();
  }
}
