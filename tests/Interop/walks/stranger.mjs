// An app that says what it likes: XML by hand over direct TLS (XEP-0368), for what no library would send, and for somebody
// elsewhere who has no browser.
import tls from "node:tls";
import Parser from "@xmpp/xml/lib/Parser.js";
import { DOMAIN, PASSWORD } from "./home.mjs";

export class Stranger {
  #waiting = new Set();
  /** What came, and nobody has expected yet. */
  #kept = [];
  #number = 0;
  /** What nobody expects is forgotten at once. */
  isDeaf = false;

  /** Signs in and binds. `ca`: the authority that the server's certificate must be from; without, any will do. */
  static async open(port, name, { domain = DOMAIN, password = PASSWORD, ca } = {}) {
    const stranger = new Stranger();
    stranger.domain = domain;
    stranger.address = `${name}@${domain}`;
    stranger.socket = tls.connect({
      port,
      host: "127.0.0.1",
      servername: domain,
      ALPNProtocols: ["xmpp-client"],
      ...(ca ? { ca } : { rejectUnauthorized: false }),
    });
    stranger.socket.setEncoding("utf8").on("data", (text) => stranger.parser.write(text));
    stranger.socket.on("error", () => {});
    await stranger.#begin();
    const plain = Buffer.from(`\0${name}\0${password}`).toString("base64");
    stranger.write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`);
    await stranger.expect("to be let in", (stanza) => stanza.is("success"));
    await stranger.#begin();
    await stranger.ask("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>", { type: "set", to: null });
    return stranger;
  }

  async #begin() {
    this.parser = new Parser();
    this.parser.on("element", (stanza) => this.#hear(stanza));
    this.write(
      `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${this.domain}' version='1.0'>`,
    );
    await this.expect("features", (stanza) => stanza.name === "stream:features");
  }

  #hear(stanza) {
    for (const wish of this.#waiting)
      if (wish.test(stanza)) {
        this.#waiting.delete(wish);
        return wish.resolve(stanza);
      }
    if (!this.isDeaf) this.#kept.push(stanza);
  }

  write(xml) {
    this.socket.write(xml);
  }

  /** The first stanza for which `test` holds, of those that came unexpected or are still to come. */
  async expect(what, test) {
    const at = this.#kept.findIndex(test);
    if (at >= 0) return this.#kept.splice(at, 1)[0];
    const trouble = new Error(`${this.address} waited in vain for ${what}`);
    return new Promise((resolve, reject) => {
      const wish = { test, resolve: (stanza) => (clearTimeout(timer), resolve(stanza)) };
      const timer = setTimeout(() => this.#waiting.delete(wish) && reject(trouble), 10_000);
      this.#waiting.add(wish);
    });
  }

  /** A message with these words. */
  hears(words) {
    return this.expect(`“${words}”`, (stanza) => stanza.is("message") && stanza.getChildText("body") === words);
  }

  /** The answer to a question, which may be a refusal. */
  ask(inside, { type = "get", to = this.domain } = {}) {
    const id = `ask${++this.#number}`;
    this.write(`<iq id='${id}' type='${type}'${to ? ` to='${to}'` : ""}>${inside}</iq>`);
    return this.expect(`an answer to ${inside}`, (stanza) => stanza.is("iq") && stanza.attrs.id === id);
  }

  /** All that was said before has been handled when this returns. */
  async fence() {
    await this.ask("<ping xmlns='urn:xmpp:ping'/>");
  }

  close() {
    this.socket.destroy();
  }
}
