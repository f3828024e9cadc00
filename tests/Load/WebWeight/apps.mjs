// The clients that are measured, each by the same few steps: as a person takes them, and as their own pages are made.
import { Client } from "../../Interop/walks/client.mjs";
import { Converse } from "../../Interop/walks/converse.mjs";
import { Device } from "../../Interop/walks/browser.mjs";
import { PASSWORD } from "../../Interop/walks/home.mjs";

/** What any of them may take, on a machine that is busy. */
const PATIENCE = 45_000;

class Kith {
  static async open(browser, home, kind, options) {
    const app = new Kith();
    app.device = await Device.open(browser, kind, options);
    ({ context: app.context, page: app.page } = app.device);
    app.context.setDefaultTimeout(PATIENCE);
    app.client = new Client(app.device, home.site);
    return app;
  }

  /** Until one can type one's name. */
  async start() {
    await this.page.goto(this.client.site, { waitUntil: "commit" });
    await this.page.getByRole("button", { name: "Sign in" }).waitFor();
  }

  async fill(name) {
    await this.page.getByLabel("Name", { exact: true }).fill(name);
    await this.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  }

  submit = () => this.page.getByRole("button", { name: "Sign in" }).click();

  /** Until the first chat is on the screen. */
  listed = () => this.client.row("Family").waitFor();

  /** Until one can write in it. */
  room = () => this.client.open("Family");

  /** Until so many people who have written are in the list. */
  people = (count) => this.page.waitForFunction((count) => document.querySelectorAll("nav a").length > count, count);

  messages = () => this.client.log;
  words = () => this.client.log.getByRole("article").locator("[dir=auto]");

  close = () => this.device.close();
}

class ConverseJs {
  static async open(browser, home, kind, brotli) {
    const app = new ConverseJs();
    app.converse = await Converse.open(browser, home, { kind, brotli });
    ({ context: app.context, page: app.page } = app.converse);
    app.context.setDefaultTimeout(PATIENCE);
    return app;
  }

  async start() {
    await this.page.goto(this.converse.site.address, { waitUntil: "commit" });
    await this.page.getByRole("button", { name: "Log in" }).waitFor();
  }

  fill = (name) => this.converse.fill(name);
  submit = () => this.converse.submit();

  // On a phone the room that it enters by itself covers its list.
  listed = () => this.page.getByText("Family", { exact: true }).locator("visible=true").first().waitFor();

  async room() {
    if (!(await this.converse.field.isVisible())) await this.converse.openRoom("Family");
    await this.converse.field.waitFor();
  }

  people = (count) =>
    this.page.waitForFunction((count) => document.querySelectorAll("converse-roster .msgs-indicator").length >= count, count);

  messages = () => this.page.locator("converse-chat-content:visible, .chat-content:visible").first();
  words = () => this.page.locator("converse-chat-message .chat-msg__text:visible");

  close = () => this.converse.close();
}

/** By the name that stands above its column. */
export const apps = {
  Kith: { who: "mia", open: (browser, home, kind, options) => Kith.open(browser, home, kind, options) },
  "Converse.js, Brotli": { who: "lea", open: (browser, home, kind) => ConverseJs.open(browser, home, kind, true) },
  "Converse.js as shipped": { who: "ida", open: (browser, home, kind) => ConverseJs.open(browser, home, kind, false) },
};
