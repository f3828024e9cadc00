import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { WebSocket as NodeWebSocket } from "ws";
import { Connection, type Options, type ReadyState } from "../../xmpp/connection.ts";
import type { FastToken } from "../../xmpp/fast.ts";

/** Those that were opened last and have not been cut. */
const sockets: NodeWebSocket[] = [];
let network = new AbortController();
let blocked = false;

// Node 20 has no WebSocket of its own.
globalThis.WebSocket = class extends NodeWebSocket {
  constructor(url: string, protocol: string) {
    super(url, protocol);
    // Without a listener ws throws; the end comes by `close` besides, as in a browser.
    this.on("error", () => undefined);
    sockets.push(this);
  }
} as unknown as typeof WebSocket;
const fetched = globalThis.fetch;
globalThis.fetch = (url, options) => {
  if (blocked) return Promise.resolve(new Response("", { status: 404 }));
  const signal = options?.signal;
  return fetched(url, {
    ...options,
    signal: signal ? AbortSignal.any([signal, network.signal]) : network.signal,
  });
};
// The program's certificate is nobody's.
process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";

/** The published program, where there is one to try against. */
export const program = process.env["KITH"];
export const DOMAIN = "kith.localhost";
const PATIENCE = 30_000;

/** From here on `cut` takes what is opened. */
export function watch(): void {
  sockets.length = 0;
  network = new AbortController();
}

/** Ends what has been opened since, as a network does: without a word. */
export function cut(): void {
  for (const socket of sockets.splice(0)) socket.terminate();
  cutRequests();
}

export function cutRequests(): void {
  network.abort();
  network = new AbortController();
}

/** Requests by HTTP get no further than a proxy of somebody's. */
export function block(on: boolean): void {
  blocked = on;
}

/** A running Kith with a data directory of its own. */
export class Kith {
  private constructor(
    private readonly directory: string,
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {}

  static async start(): Promise<Kith> {
    const directory = await mkdtemp(join(tmpdir(), "kith-web-"));
    const [port, plain] = [await freePort(), await freePort()];
    const settings = {
      Domain: DOMAIN,
      "Tls:Mode": "self-signed",
      "Listen:Address": "127.0.0.1",
      "Listen:Https": port,
      "Listen:Http": plain,
      "Public:Url": `https://${DOMAIN}:${String(port)}`,
      "Federation:Mode": "off",
    };
    const none = ["Client", "ClientTls", "Server", "ServerTls", "Relay", "RelayTls"];
    const set = [
      ...Object.entries(settings).map(([key, value]) => `${key}=${String(value)}`),
      ...none.map((name) => `Listen:${name}=0`),
    ];
    const child = spawn(program!, ["run", "--data", directory, ...set.flatMap((one) => ["--set", one])], {
      stdio: "ignore",
    });
    const kith = new Kith(directory, child, port);
    await kith.#answers();
    return kith;
  }

  get websocket(): string {
    return `wss://127.0.0.1:${String(this.port)}/xmpp-websocket`;
  }

  get bosh(): string {
    return `https://127.0.0.1:${String(this.port)}/http-bind`;
  }

  async addUser(name: string, password: string, ...options: string[]): Promise<void> {
    const run = promisify(execFile)(program!, [
      ...["user", "add", name, "--password-stdin", "--data", this.directory],
      ...options,
    ]);
    run.child.stdin?.end(`${password}\n`);
    await run;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      this.child.kill("SIGTERM");
      await once(this.child, "exit");
    }
    await rm(this.directory, { recursive: true, force: true });
  }

  async #answers(): Promise<void> {
    const until = Date.now() + PATIENCE;
    for (;;) {
      if (this.child.exitCode !== null) throw new Error(`kith ended with ${String(this.child.exitCode)}`);
      try {
        await fetch(this.bosh.replace("/http-bind", "/.well-known/host-meta.json"));
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A client of it, with what it was told kept. */
export class Client {
  readonly connection: Connection;
  readonly tokens: (FastToken | undefined)[] = [];
  readonly ready: ReadyState[] = [];
  readonly log: string[] = [];
  #changed: () => void = () => undefined;

  constructor(kith: Kith, name: string, options: Partial<Options> = {}) {
    this.connection = new Connection({
      address: `${name}@${DOMAIN}`,
      device: { id: crypto.randomUUID(), software: "Kith Web", name: "a test" },
      websocket: kith.websocket,
      bosh: kith.bosh,
      saveToken: (token) => this.tokens.push(token),
      ...options,
    });
    this.connection.onReady = (ready) => {
      this.ready.push(ready);
      this.#changed();
    };
    this.connection.onStatus = (status, problem) => {
      this.log.push(problem ? `${status}: ${problem.message}` : status);
      this.#changed();
    };
  }

  /** Resolves once the condition holds after something was told. */
  async until(condition: (client: this) => boolean): Promise<void> {
    while (!condition(this)) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  async online(): Promise<this> {
    this.connection.start();
    await this.until(({ connection }) => connection.status !== "connecting");
    if (this.connection.status !== "online") throw new Error(this.log.join(", "));
    return this;
  }
}
