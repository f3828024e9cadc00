// Somebody in front of the home, who passes everything on, and at some moment has a newer version of the client: its page, its
// worker and its first script differ, as they do after an update of the box.
import fs from "node:fs";
import https from "node:https";
import tls from "node:tls";
import { Authority, tlsSettings } from "./authority.mjs";
import { DOMAIN, freePort } from "./home.mjs";

const NEWER = "newer";

export class Front {
  #sockets = new Set();
  #authority = new Authority();
  #isNewer = false;

  static async open() {
    const front = new Front();
    front.certificate = front.#authority.certify("home", DOMAIN);
    front.port = await freePort();
    front.site = `https://${DOMAIN}:${front.port}`;
    const { certificate, key } = front.certificate;
    front.server = https.createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) });
    front.server.on("request", (request, response) => void front.#answer(request, response));
    front.server.on("upgrade", (request, socket, head) => front.#tunnel(request, socket, head));
    front.server.on("secureConnection", (socket) => front.#keep(socket));
    await new Promise((resolve) => front.server.listen(front.port, "127.0.0.1", resolve));
    return front;
  }

  settings() {
    return { ...tlsSettings(this.certificate), "Public:Url": this.site };
  }

  /** From now on the client is a newer one. */
  publish() {
    this.#isNewer = true;
  }

  async #answer(request, response) {
    try {
      const { script } = this;
      const isScript = this.#isNewer && request.url === script?.replace(/\.js$/, `-${NEWER}.js`);
      const answer = await this.#ask(request, isScript ? script : request.url);
      let { body } = answer;
      const text = body.toString();
      if (request.url === "/") this.script ??= /src="(\/assets\/[^"]+\.js)"/.exec(text)[1];
      if (isScript) body = `document.documentElement.dataset.version = "${NEWER}";\n${text}`;
      else if (this.#isNewer && request.url === "/") body = this.#renamed(text);
      else if (this.#isNewer && request.url === "/sw.js")
        body = this.#renamed(text).replace(/(version:\s*["'`])/, `$1${NEWER}`);
      const headers = { ...answer.headers, "content-length": Buffer.byteLength(body) };
      if (body !== answer.body) delete headers.etag;
      response.writeHead(answer.status, headers).end(body);
    } catch {
      response.destroy();
    }
  }

  #renamed(text) {
    return text.replaceAll(this.script, this.script.replace(/\.js$/, `-${NEWER}.js`));
  }

  /** What the home says, uncompressed. */
  #ask(request, url) {
    const { "if-none-match": _, ...asked } = request.headers;
    const headers = { ...(this.#isNewer ? asked : request.headers), "accept-encoding": "identity" };
    return new Promise((resolve, reject) => {
      const passed = https.request(
        { host: "127.0.0.1", port: this.home, servername: DOMAIN, path: url, method: request.method, headers, ca: fs.readFileSync(this.#authority.root) },
        async (answer) => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(await answer.toArray()) }),
      );
      passed.once("error", reject);
      request.pipe(passed);
    });
  }

  #tunnel(request, near, head) {
    const far = tls.connect({ host: "127.0.0.1", port: this.home, servername: DOMAIN, ca: fs.readFileSync(this.#authority.root) }, () => {
      const lines = request.rawHeaders.flatMap((name, at) => (at % 2 ? [] : `${name}: ${request.rawHeaders[at + 1]}`));
      far.write([`GET ${request.url} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
      far.write(head);
      near.pipe(far).pipe(near);
    });
    for (const [socket, other] of [[near, far], [far, near]]) socket.on("error", () => {}).on("close", () => other.destroy());
  }

  #keep(socket) {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
  }

  async end() {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
    this.#authority.remove();
  }
}
