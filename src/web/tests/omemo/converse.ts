import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { fromHex, hex } from "../../omemo/bytes.ts";
import type { Bundle } from "../../omemo/session.ts";
import type { Version } from "../../omemo/suite.ts";
import { namespaces } from "../../omemo/xml.ts";

const home = fileURLToPath(new URL("../../../../tests/Interop/omemo/", import.meta.url));
const dist = `${home}node_modules/converse.js/dist/`;
const library = "libomemo.esm.min.js";
const browserPath = "/usr/bin/chromium";

/** Whether Converse.js is installed (`npm ci` in `tests/Interop/omemo`) and Chromium is there. */
export const converseIsThere = existsSync(dist + library) && existsSync(browserPath);

/** What the library is asked; bytes travel as hexadecimal text. */
interface Peer {
  bundle(): Promise<Record<"identity" | "signed" | "signature" | "preKey", string>>;
  begin(bundle: Record<"identity" | "signed" | "signature" | "preKey", string>, ids: number[]): Promise<void>;
  encrypt(text: string): Promise<{ bytes: string; exchange: boolean }>;
  decrypt(bytes: string, exchange: boolean): Promise<string>;
}

/** Converse.js's OMEMO library in a page of Chromium, as a device. */
export class ConverseDevice {
  readonly version: Version;
  readonly #page: Page;
  static #server: Server | undefined;
  static #browser: Browser | undefined;

  private constructor(page: Page, version: Version) {
    this.#page = page;
    this.version = version;
  }

  static async start(version: Version): Promise<ConverseDevice> {
    this.#server ??= await serve();
    this.#browser ??= await chromium.launch({
      executablePath: browserPath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
    });
    const page = await this.#browser.newPage();
    const { port } = this.#server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${String(port)}/?namespace=${namespaces[version]}`);
    await page.waitForFunction("globalThis.peer");
    return new ConverseDevice(page, version);
  }

  static async stop(): Promise<void> {
    await this.#browser?.close();
    this.#server?.close();
  }

  /** What it publishes; without prefix whatever the version. */
  async bundle(): Promise<Bundle & { signature: Uint8Array }> {
    const { identity, signed, signature, preKey } = await this.#do("bundle");
    return {
      identity: bytes(identity),
      signedPreKey: { id: 0, key: bytes(signed) },
      preKeys: [{ id: 5, key: bytes(preKey) }],
      signature: bytes(signature),
    };
  }

  /** Begins a session by our bundle; the keys are of the form that the version publishes. */
  begin(
    keys: Record<"identity" | "signed" | "signature" | "preKey", Uint8Array>,
    ids: number[],
  ): Promise<void> {
    const { identity, signed, signature, preKey } = keys;
    const texts = {
      identity: hex(identity),
      signed: hex(signed),
      signature: hex(signature),
      preKey: hex(preKey),
    };
    return this.#do("begin", texts, ids);
  }

  async encrypt(text: string): Promise<{ bytes: Uint8Array; exchange: boolean }> {
    const { bytes: sealed, exchange } = await this.#do("encrypt", text);
    return { bytes: bytes(sealed), exchange };
  }

  decrypt(sealed: Uint8Array, exchange: boolean): Promise<string> {
    return this.#do("decrypt", hex(sealed), exchange);
  }

  #do<M extends keyof Peer>(
    method: M,
    ...details: Parameters<Peer[M]>
  ): Promise<Awaited<ReturnType<Peer[M]>>> {
    return this.#page.evaluate(
      ([name, parameters]) => {
        const { peer } = globalThis as unknown as { peer: Record<string, (...all: unknown[]) => unknown> };
        return peer[name]!(...parameters) as never;
      },
      [method, details] as [string, unknown[]],
    );
  }
}

const bytes = (text: string): Uint8Array => fromHex(text, text.length / 2)!;

/** The page, the library and what it loads besides; nothing else is there, and nothing comes from elsewhere. */
async function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? "/", "http://localhost").pathname.slice(1);
    if (name === "") {
      response.setHeader("content-type", "text/html");
      response.end("<!doctype html><script type=module src=/page.js></script>");
      return;
    }
    const type = name.endsWith(".js") ? "text/javascript" : "application/wasm";
    readFile((name === "page.js" ? home : dist) + name).then(
      (file) => response.setHeader("content-type", type).end(file),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
