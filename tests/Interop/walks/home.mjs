// A home of the published program on loopback: a data directory and ports of its own, people in it, and its log.
import { execFile, spawn } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";

export const DOMAIN = "kith.localhost";
export const PASSWORD = "a rose by any other name";
const STOP_SECONDS = 12; // ten are promised
const FAULT = /\b(ERR|FTL|Error|Fatal|Unhandled exception)\b[\]:.]/;

/** Those whose folder is still there. Whichever way the run ends, nothing of them stays behind. */
const homes = new Set();
process.once("exit", () => {
  for (const home of homes) {
    home.process?.kill("SIGKILL");
    home.remove();
  }
});

export class Home {
  #removed = new AbortController();

  static async start(program, settings = {}) {
    const home = new Home();
    homes.add(home);
    home.program = program;
    home.folder = fs.mkdtempSync(path.join(os.tmpdir(), "walks-"));
    home.port = await freePort();
    home.site = `https://${DOMAIN}:${home.port}`;
    home.settings = {
      Domain: DOMAIN,
      "Public:Url": home.site,
      "Tls:Mode": "self-signed",
      "Federation:Mode": "off",
      "Listen:Address": "127.0.0.1",
      "Listen:Https": home.port,
      ...Object.fromEntries(
        ["Http", "Client", "ClientTls", "Server", "ServerTls", "Relay", "RelayTls"].map((each) => [`Listen:${each}`, 0]),
      ),
      ...settings,
    };
    await home.launch();
    home.pin = await certificatePin(home.port);
    return home;
  }

  get data() {
    return path.join(this.folder, "data");
  }

  async launch() {
    const pairs = Object.entries(this.settings).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
    const log = fs.openSync(path.join(this.folder, "kith.log"), "a");
    this.process = spawn(this.program, ["run", "--data", this.data, ...pairs], { stdio: ["ignore", log, log] });
    fs.closeSync(log);
    this.ended = new Promise((resolve) => this.process.once("exit", (code, signal) => resolve(code ?? signal)));
    await listening(this.port, this.ended);
  }

  /** `kith WORDS…` on this home. */
  kith(words, stdin = "") {
    const options = { signal: this.#removed.signal, killSignal: "SIGKILL" };
    return new Promise((resolve, reject) => {
      const child = execFile(this.program, [...words, "--data", this.data], options, (fault, stdout, stderr) =>
        fault ? reject(new Error(`kith ${words.join(" ")}: ${stderr || fault.message}`)) : resolve(stdout),
      );
      child.stdin.end(stdin);
    });
  }

  /** Members of the family. */
  async addPeople(...names) {
    for (const name of names) await this.kith(["user", "add", name, "--password-stdin"], `${PASSWORD}\n`);
  }

  async invite(...words) {
    const printed = await this.kith(["invite", "create", ...words]);
    return /https:\/\/\S+\/invite\/[\w-]+/.exec(printed)[0];
  }

  async stop() {
    this.process.kill("SIGTERM");
    const late = Symbol("late");
    const timer = new Promise((resolve) => setTimeout(resolve, STOP_SECONDS * 1000, late).unref());
    if ((await Promise.race([this.ended, timer])) !== late) return;
    this.process.kill("SIGKILL");
    throw new Error(`the server was still there ${STOP_SECONDS} s after SIGTERM`);
  }

  async restart() {
    await this.stop();
    await this.launch();
  }

  /** What the program logged as an error. */
  faults() {
    return this.log().split("\n").filter((line) => FAULT.test(line));
  }

  log() {
    return fs.readFileSync(path.join(this.folder, "kith.log"), "utf8");
  }

  remove() {
    homes.delete(this);
    this.#removed.abort();
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// The one thing here that has no event.
export async function listening(port, ended) {
  let over;
  ended.then((how) => (over = how));
  for (let tries = 0; tries < 300; tries++) {
    if (over !== undefined) throw new Error(`the server ended with ${over} as it started`);
    const open = await new Promise((resolve) => {
      const socket = net.connect(port, "127.0.0.1", () => resolve(socket.end() && true));
      socket.once("error", () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nobody listens on ${port}`);
}

/** The home's own certificate by its key, for Chromium, which then believes no other. */
function certificatePin(port) {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: "127.0.0.1", servername: DOMAIN, rejectUnauthorized: false }, () => {
      resolve(pinOf(new crypto.X509Certificate(socket.getPeerCertificate().raw).publicKey));
      socket.end();
    });
    socket.once("error", reject);
  });
}

/** A key as Chromium's list of keys names it. */
export function pinOf(publicKey) {
  return crypto.createHash("sha256").update(publicKey.export({ type: "spki", format: "der" })).digest("base64");
}
