// The client as a person uses it: what is on the screen by its name, and nothing of how it is made.
import { PASSWORD } from "./home.mjs";
import { until } from "./walks.mjs";

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

export class Client {
  constructor(device, site, page = device.page) {
    this.device = device;
    this.page = page;
    this.site = site;
  }

  /** One more tab of the same browser, on the same page. */
  async newTab() {
    const tab = new Client(this.device, this.site, await this.device.context.newPage());
    await tab.page.goto(this.page.url());
    await tab.list.or(tab.field).first().waitFor();
    return tab;
  }

  async signIn(name, password = PASSWORD) {
    await this.page.goto(`${this.site}/`);
    return this.enter(name, password);
  }

  /** On the first screen. */
  async enter(name, password = PASSWORD) {
    await this.page.getByLabel("Name", { exact: true }).fill(name);
    await this.page.getByLabel("Password", { exact: true }).fill(password);
    await this.page.getByRole("button", { name: "Sign in" }).click();
    await this.list.waitFor();
    return this;
  }

  get list() {
    return this.page.getByRole("navigation", { name: "Chats" });
  }

  /** A line of the list begins with its name, or with whether they are there. */
  row(chat) {
    return this.list.getByRole("link", { name: new RegExp(`^(Online|Away|Busy)?\\s*${escape(chat)}\\b`, "i") }).first();
  }

  get log() {
    return this.page.getByRole("log");
  }

  /** Where one writes. */
  get field() {
    return this.page.getByRole("textbox", { name: /^Message to / });
  }

  async open(chat) {
    await this.row(chat).click();
    await this.page.getByRole("heading", { name: chat, level: 2 }).waitFor();
    await this.field.waitFor();
  }

  /** A page over the chats. */
  get dialog() {
    return this.page.getByRole("dialog");
  }

  /** Who the open chat is with, and how they are. */
  get head() {
    return this.page.getByRole("main").getByRole("link").first();
  }

  /** Out of the chat, where a phone has room for one pane. */
  async leave() {
    await this.page.getByRole("main").getByRole("button", { name: "Back" }).click();
    await this.list.waitFor();
  }

  /** To a page by the list's buttons: `New chat` and what stands in it. */
  async begin(...steps) {
    await this.list.getByRole("link", { name: "New chat" }).click();
    for (const step of steps) await this.dialog.getByRole("button", { name: step }).click();
  }

  /** Somebody of this home by their name, found among the people. */
  async write(name) {
    await this.begin(new RegExp(`\\b${escape(name)}@`));
    await this.page.getByRole("heading", { name, level: 2 }).waitFor();
    await this.field.waitFor();
  }

  async openAddress(address) {
    await this.page.goto(`${this.site}/#/chat/${encodeURIComponent(address)}`);
    await this.field.waitFor();
  }

  /** Chooses a file behind one of the entries of the paper clip. */
  async choose(entry, file) {
    await this.page.getByRole("button", { name: "Send a photo or file" }).click();
    const chooser = this.page.waitForEvent("filechooser");
    await this.page.getByRole("menuitem", { name: entry }).click();
    await (await chooser).setFiles(file);
  }

  async send(text) {
    await this.field.fill(text);
    await this.page.getByRole("button", { name: "Send", exact: true }).click();
  }

  /** A message of the open chat by what it says. */
  message(text) {
    return this.log.getByRole("article").filter({ hasText: text });
  }

  /** Opens the menu of a message, by a long press or a right click, and chooses from it. */
  async act(text, what) {
    const menu = this.page.getByRole("dialog", { name: "Message", exact: true });
    // Beside its text may be a link or a button of its own.
    const bubble = this.message(text).first().getByText(text).first();
    await this.device.hold(bubble, () => menu.waitFor());
    await menu.getByRole("menuitem", { name: what, exact: true }).or(menu.getByRole("button", { name: what, exact: true })).click();
    await menu.waitFor({ state: "detached" });
  }

  async sees(text) {
    await this.message(text).first().waitFor();
  }

  /** The picture in something is there, and is drawn. */
  async seesPicture(where) {
    const picture = where.locator("img").first();
    await picture.waitFor();
    await until("the picture", () => picture.evaluate((image) => image.complete && image.naturalWidth > 0));
  }

  /** The box has one's own message, if not others already. */
  async left(text) {
    await this.reached(text, /Sent|Delivered|Read/);
  }

  /** One's own message has come so far. */
  async reached(text, state) {
    await this.message(text).filter({ hasText: state }).first().waitFor();
  }

  /** It stands where it can be read now. */
  async hasInSight(text) {
    const there = this.message(text).first();
    await there.waitFor();
    await until(`${text} in sight`, () =>
      there.evaluate((article) => {
        const [box, log] = [article, article.closest("[role=log]")].map((one) => one.getBoundingClientRect());
        return box.top >= log.top - 1 && box.bottom <= log.bottom + 1;
      }),
    );
  }

  /** What the open chat says, in its order. */
  texts() {
    return this.log.getByRole("article").locator("[dir=auto]").allInnerTexts();
  }
}
