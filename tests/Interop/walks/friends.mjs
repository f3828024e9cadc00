// Friends elsewhere: a Prosody of their own on loopback, `prosody.test` with rooms and files, and the authority that it and the
// home have their certificates from.
import { execFileSync, spawn } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { DOMAIN, freePort, listening, PASSWORD, pinOf } from "./home.mjs";
import { Stranger } from "./stranger.mjs";

const interop = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "interop");
const server = "prosody.test";
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
const openssl = (...words) => execFileSync("openssl", words, { stdio: ["ignore", "ignore", "pipe"] });

export class Friends {
  domain = server;
  rooms = `rooms.${server}`;
  files = `files.${server}`;

  /** The server, before it runs. */
  static async prepare() {
    const friends = new Friends();
    friends.folder = fs.mkdtempSync(path.join(os.tmpdir(), "friends-"));
    const ports = ["home", "client", "direct", "server", "web"];
    for (const name of ports) friends[`${name}Port`] = await freePort();
    openssl("req", "-x509", ...newKey, "-days", "2", "-subj", "/CN=Walks", "-keyout", friends.in("root.key"), "-out", friends.root);
    friends.#certify("home", DOMAIN, `groups.${DOMAIN}`);
    friends.#certify("prosody", server, friends.rooms, friends.files);
    const { publicKey } = new crypto.X509Certificate(fs.readFileSync(friends.in("prosody", "cert.pem")));
    friends.pin = pinOf(publicKey);
    return friends;
  }

  in(...names) {
    return path.join(this.folder, ...names);
  }

  get root() {
    return this.in("root.pem");
  }

  #certify(name, ...domains) {
    const file = (which) => this.in(name, which);
    fs.mkdirSync(this.in(name));
    const names = domains.map((domain) => `DNS:${domain}`).join(",");
    fs.writeFileSync(file("extensions"), `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
    openssl("req", ...newKey, "-subj", `/CN=${domains[0]}`, "-keyout", file("key.pem"), "-out", file("request.pem"));
    const authority = ["-CA", this.root, "-CAkey", this.in("root.key"), "-CAcreateserial"];
    openssl("x509", "-req", "-in", file("request.pem"), ...authority, "-days", "2", "-extfile", file("extensions"), "-out", file("cert.pem"));
  }

  /** What a home must know to talk with them. */
  settings() {
    const hosts = [server, this.rooms, this.files].map((domain) => `${domain}=127.0.0.1:${this.serverPort}`);
    return {
      "Tls:Mode": "files",
      "Tls:Certificate": this.in("home", "cert.pem"),
      "Tls:Key": this.in("home", "key.pem"),
      "Federation:Mode": "open",
      "Federation:Hosts": hosts.join(","),
      "Federation:TrustedRoots": this.root,
      "Federation:AllowPrivateAddresses": "true",
      "Listen:Server": this.homePort,
    };
  }

  /** @param people who have accounts there. */
  async start(...people) {
    const accounts = this.in("prosody", "store", server.replace(".", "%2e"), "accounts");
    fs.mkdirSync(accounts, { recursive: true });
    const account = `return { ["password"] = ${JSON.stringify(PASSWORD)} };\n`;
    for (const name of people) fs.writeFileSync(path.join(accounts, `${name}.dat`), account);
    this.process = spawn("prosody", ["-F", "--config", path.join(interop, "friend.cfg.lua")], {
      stdio: "ignore",
      env: {
        ...process.env,
        FRIEND_DATA: this.in("prosody"),
        FRIEND_ROOT: this.root,
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
    return Stranger.open(this.directPort, name, { domain: server, ca: fs.readFileSync(this.root) });
  }

  /** Gets or sends a file, as an app of theirs does: by a certificate that it believes. */
  transfer(url, { method = "GET", headers = {}, body } = {}) {
    const lookup = (_, options, answer) =>
      options.all ? answer(null, [{ address: "127.0.0.1", family: 4 }]) : answer(null, "127.0.0.1", 4);
    return new Promise((resolve, reject) => {
      const request = https.request(url, { method, headers, lookup, ca: fs.readFileSync(this.root) }, async (answer) => {
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
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
