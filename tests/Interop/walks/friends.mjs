// Friends elsewhere: a Prosody of their own on loopback, `prosody.test` with rooms and files, and the authority that it and the
// home have their certificates from.
import { spawn } from "node:child_process";
import fs from "node:fs";
import https from "node:https";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Authority, tlsSettings } from "./authority.mjs";
import { DOMAIN, freePort, listening, PASSWORD } from "./home.mjs";
import { Stranger } from "./stranger.mjs";

const interop = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "interop");
const server = "prosody.test";

export class Friends {
  #authority = new Authority();
  domain = server;
  rooms = `rooms.${server}`;
  files = `files.${server}`;
  own = this.#authority.certify("prosody", server, this.rooms, this.files);
  homes = this.#authority.certify("home", DOMAIN, `groups.${DOMAIN}`);

  /** The server, before it runs. */
  static async prepare() {
    const friends = new Friends();
    const ports = ["home", "client", "direct", "server", "web"];
    for (const name of ports) friends[`${name}Port`] = await freePort();
    return friends;
  }

  /** What a home must know to talk with them. */
  settings() {
    const hosts = [server, this.rooms, this.files].map((domain) => `${domain}=127.0.0.1:${this.serverPort}`);
    return {
      ...tlsSettings(this.homes),
      "Federation:Mode": "open",
      "Federation:Hosts": hosts.join(","),
      "Federation:TrustedRoots": this.#authority.root,
      "Federation:AllowPrivateAddresses": "true",
      "Listen:Server": this.homePort,
    };
  }

  /** @param people who have accounts there. */
  async start(...people) {
    const accounts = path.join(this.own.folder, "store", server.replace(".", "%2e"), "accounts");
    fs.mkdirSync(accounts, { recursive: true });
    const account = `return { ["password"] = ${JSON.stringify(PASSWORD)} };\n`;
    for (const name of people) fs.writeFileSync(path.join(accounts, `${name}.dat`), account);
    this.process = spawn("prosody", ["-F", "--config", path.join(interop, "friend.cfg.lua")], {
      stdio: "ignore",
      env: {
        ...process.env,
        FRIEND_DATA: this.own.folder,
        FRIEND_ROOT: this.#authority.root,
        FRIEND_PLUGINS: path.join(interop, "plugins"),
        FRIEND_CLIENT: this.clientPort,
        FRIEND_DIRECT: this.directPort,
        FRIEND_SERVER: this.serverPort,
        FRIEND_WEB: this.webPort,
        FRIEND_HOME: this.homePort,
        FRIEND_DOMAIN: DOMAIN,
      },
    });
    this.ended = new Promise((resolve) => this.process.once("exit", resolve));
    for (const port of [this.directPort, this.serverPort, this.webPort]) await listening(port, this.ended);
  }

  /** One of them, with an app. */
  person(name) {
    return Stranger.open(this.directPort, name, { domain: server, ca: this.#authorities });
  }

  get #authorities() {
    return fs.readFileSync(this.#authority.root);
  }

  /** Gets or sends a file, as an app of theirs does: by a certificate that it believes. */
  transfer(url, { method = "GET", headers = {}, body } = {}) {
    const lookup = (_, options, answer) =>
      options.all ? answer(null, [{ address: "127.0.0.1", family: 4 }]) : answer(null, "127.0.0.1", 4);
    return new Promise((resolve, reject) => {
      const request = https.request(url, { method, headers, lookup, ca: this.#authorities }, async (answer) => {
        const parts = await answer.toArray();
        if (answer.statusCode < 300) resolve(Buffer.concat(parts));
        else reject(new Error(`${method} ${url}: ${answer.statusCode}`));
      });
      request.once("error", reject);
      request.end(body);
    });
  }

  async end() {
    this.process?.kill("SIGTERM");
    await this.ended;
    this.#authority.remove();
  }
}
