// Chromium, and the devices in it: a phone and a desktop, each with a profile and a line of its own, and an eye on what goes wrong.
import { chromium } from "playwright-core";
import { chromiumWith, fakeMedia } from "../chromium.mjs";
import { Line } from "./line.mjs";

/** What a device looks like to a page. */
export const kinds = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  desktop: { viewport: { width: 1280, height: 800 } },
};
const lineFaults = /net::ERR_|WebSocket connection to|Failed to fetch/;

/** @param pins the keys of the servers that it believes, and no other. */
export function launch(...pins) {
  const { args, ...options } = chromiumWith(...pins);
  return chromium.launch({
    ...options,
    args: [...args, ...fakeMedia],
    // The run ends it, together with the rest.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

export class Device {
  /** What should not have been said on the console, or thrown. */
  faults = [];
  /** What may be said all the same. */
  #allowed = [];

  /** @param kind `phone` or `desktop`. */
  static async open(browser, kind = "desktop", options = {}) {
    const device = new Device();
    device.kind = kind;
    device.line = await Line.open();
    device.context = await browser.newContext({
      ...kinds[kind],
      locale: "en-GB",
      proxy: { server: device.line.address },
      ...options,
    });
    device.context.setDefaultTimeout(10_000);
    device.context.on("page", (page) => device.#watch(page));
    device.context.on("serviceworker", (worker) => worker.on("console", (said) => device.#hear(said)));
    device.page = await device.context.newPage();
    return device;
  }

  #watch(page) {
    page.on("console", (said) => this.#hear(said));
    page.on("pageerror", (fault) => this.faults.push(`thrown: ${fault.stack || fault.message || String(fault)}`));
    page.on("crash", () => this.faults.push("the page crashed"));
    page.on("dialog", (dialog) => {
      this.faults.push(`a dialog of the browser: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  /** A finger rests there until `done`; a desktop presses the right button. */
  async hold(where, done) {
    if (this.kind !== "phone") {
      await where.click({ button: "right" });
      return done();
    }
    await where.scrollIntoViewIfNeeded();
    const box = await where.boundingBox();
    const finger = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const touch = await this.context.newCDPSession(this.page);
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [finger] });
    await done();
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await touch.detach();
  }

  #hear(said) {
    if (said.type() !== "error" && said.type() !== "warning") return;
    if (this.#allowed.some((pattern) => pattern.test(said.text()))) return;
    this.faults.push(`${said.type()}: ${said.text()} (${said.location().url})`);
  }

  /** From now on the console may say this. */
  allow(pattern) {
    this.#allowed.push(pattern);
  }

  /** As in a tunnel: the device notices by itself, or not at once. */
  cut() {
    this.allow(lineFaults);
    this.line.cut();
  }

  mend() {
    this.line.mend();
  }

  /** As in flight mode: the device knows. */
  async flightMode(on) {
    this.allow(lineFaults);
    if (on) this.line.cut();
    else this.line.mend();
    await this.context.setOffline(on);
  }

  /** The complaint, if there is one. */
  complaint() {
    const strangers = this.line.strangers.map((host) => `wanted to talk to ${host}`);
    return [...this.faults, ...strangers][0];
  }

  async close() {
    await this.context.close();
    await this.line.close();
  }
}
