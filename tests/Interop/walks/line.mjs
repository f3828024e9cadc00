// The line between one device and the home: an HTTP proxy of its own, which can be cut, and which sees who is called.
import http from "node:http";
import net from "node:net";
import { DOMAIN } from "./home.mjs";

/** What the browser wants for itself, pages or not. */
const chromium = /\.(google|googleapis|gstatic)\.com:443$/;

export class Line {
  #sockets = new Set();
  #server = http.createServer((_, response) => response.writeHead(405).end());
  /** Hosts that may be called. */
  hosts = new Set([DOMAIN]);
  /** Others that the device wanted. */
  strangers = [];
  isCut = false;
  bytes = { up: 0, down: 0 };

  static async open() {
    const line = new Line();
    line.#server.on("connect", (request, near, head) => line.#connect(request.url, near, head));
    await new Promise((resolve) => line.#server.listen(0, "127.0.0.1", resolve));
    line.address = `http://127.0.0.1:${line.#server.address().port}`;
    return line;
  }

  #connect(target, near, head) {
    const [host, port] = target.split(":");
    near.on("error", () => near.destroy());
    if (this.isCut) return near.destroy();
    if (!this.hosts.has(host)) {
      if (!chromium.test(target)) this.strangers.push(target);
      return near.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    }
    const far = net.connect(Number(port), "127.0.0.1", () => {
      near.write("HTTP/1.1 200 Connection established\r\n\r\n");
      far.write(head);
      near.pipe(far).pipe(near);
    });
    near.on("data", (part) => (this.bytes.up += part.length));
    far.on("data", (part) => (this.bytes.down += part.length));
    for (const [socket, other] of [[near, far], [far, near]]) {
      this.#sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }

  /** Nothing gets through any more, what is on its way included. */
  cut() {
    this.isCut = true;
    this.#drop();
  }

  mend() {
    this.isCut = false;
  }

  #drop() {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close() {
    this.#drop();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
