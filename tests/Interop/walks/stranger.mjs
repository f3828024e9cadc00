// An app that says what it likes: XML by hand over direct TLS (XEP-0368), for what no library would send.
import tls from "node:tls";
import { DOMAIN, PASSWORD } from "./home.mjs";

const STREAM = `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${DOMAIN}' version='1.0'>`;

export class Stranger {
  #read = "";
  #waiting = [];

  /** Signs in and binds. */
  static async open(port, name) {
    const stranger = new Stranger();
    stranger.socket = tls.connect({
      port,
      host: "127.0.0.1",
      servername: DOMAIN,
      ALPNProtocols: ["xmpp-client"],
      rejectUnauthorized: false,
    });
    stranger.socket.setEncoding("utf8").on("data", (text) => stranger.#hear(text));
    stranger.socket.on("error", () => {});
    await stranger.say(STREAM, "</stream:features>");
    const plain = Buffer.from(`\0${name}\0${PASSWORD}`).toString("base64");
    await stranger.say(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`, "<success");
    await stranger.say(STREAM, "</stream:features>");
    await stranger.say(
      "<iq id='bind' type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
      /<iq[^>]*id=['"]bind['"]/,
    );
    return stranger;
  }

  #hear(text) {
    this.#read += text;
    this.#waiting = this.#waiting.filter(({ what, resolve }) => {
      const found = typeof what === "string" ? this.#read.includes(what) : what.test(this.#read);
      if (!found) return true;
      this.#read = "";
      resolve();
      return false;
    });
  }

  /** Says it, and waits until the answer has come. */
  say(xml, what) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${what} after ${xml.slice(0, 80)}: ${this.#read}`)), 10_000);
      this.#waiting.push({ what, resolve: () => (clearTimeout(timer), resolve()) });
      this.socket.write(xml);
    });
  }

  /** All that was said before has been handled when this returns. */
  async fence(id = `fence${Math.random()}`) {
    await this.say(`<iq id='${id}' type='get' to='${DOMAIN}'><ping xmlns='urn:xmpp:ping'/></iq>`, id);
  }

  close() {
    this.socket.destroy();
  }
}
