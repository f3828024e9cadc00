// The client where chats are encrypted, as the scenarios with other people's apps need it.
import fs from "node:fs/promises";
import { Client } from "./client.mjs";

export class Sealed extends Client {
  get heading() {
    return this.page.getByRole("heading", { level: 2 });
  }

  /** The padlock beside the name of the open chat. */
  async locked() {
    await this.heading.locator("xpath=..").getByText("Encrypted", { exact: true }).waitFor({ state: "attached" });
  }

  /** The quiet line between the messages. */
  async notices(text) {
    await this.log.getByText(text).waitFor();
  }

  /** A chat with somebody of the family. */
  async startChat(address) {
    await this.page.goto(`${this.site}/#/new`);
    await this.page.getByRole("dialog").getByRole("button", { name: address }).click();
    await this.field.waitFor();
  }

  /** A closed and encrypted group. */
  async newGroup(name, ...addresses) {
    await this.page.goto(`${this.site}/#/group`);
    const sheet = this.page.getByRole("dialog");
    for (const address of addresses) await sheet.getByRole("checkbox", { name: address }).click();
    await sheet.getByRole("button", { name: /^Next/ }).click();
    await sheet.getByLabel("Name of the group").fill(name);
    await sheet.getByRole("button", { name: "Create group" }).click();
    await this.field.waitFor();
    await this.locked();
    return decodeURIComponent(/#\/chat\/([^/?]+)/.exec(this.page.url())[1]);
  }

  async sendFile(name, mimeType, base64) {
    await this.page.getByRole("button", { name: "Send a photo or file" }).click();
    const chooser = this.page.waitForEvent("filechooser");
    await this.page.getByRole("menuitem", { name: "File" }).click();
    await (await chooser).setFiles({ name, mimeType, buffer: Buffer.from(base64, "base64") });
    await this.page.getByRole("dialog").getByRole("button", { name: "Send", exact: true }).click();
    await this.left(name);
  }

  /** Saves a file of the open chat, and gives what is in it. */
  async saved(name) {
    const download = this.page.waitForEvent("download");
    await this.message(name).getByRole("button", { name: "Save" }).click();
    return (await fs.readFile(await (await download).path())).toString("base64");
  }

  /** Answers a message. */
  async reply(text, answer) {
    const message = this.message(text).first();
    await message.hover();
    await message.getByRole("button", { name: "Reply" }).click();
    await this.send(answer);
  }

  async reload() {
    await this.page.reload();
    await this.field.waitFor();
  }

  /** All that this browser knew is gone, as when a person clears its data; then they sign in again. */
  async forget(name, password) {
    // No page of the home has the databases open then.
    await this.page.goto(`${this.site}/help`);
    await this.page.evaluate(async () => {
      for (const { name } of await indexedDB.databases())
        await new Promise((resolve, reject) => {
          const gone = indexedDB.deleteDatabase(name);
          gone.onsuccess = resolve;
          gone.onerror = gone.onblocked = () => reject(new Error(`${name} stays`));
        });
      localStorage.clear();
    });
    await this.signIn(name, password);
  }
}
