// One @xmpp/client over WebSocket, driven by lines of JSON: commands on stdin, what happens on stdout.
import dns from "node:dns";
import readline from "node:readline";

import { client } from "@xmpp/client";
import parse from "@xmpp/xml/lib/parse.js";

const { service, domain, username, password, resource } = JSON.parse(process.env.INTEROP_LOGIN);

// No name service knows the domain: it is where the server listens.
const lookup = dns.lookup;
dns.lookup = (host, options, answer) =>
  lookup(host === domain ? "127.0.0.1" : host, options, answer);

const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

const xmpp = client({ service, domain, username, password, resource });
xmpp.reconnect.delay = 100;
xmpp.on("online", (jid) => tell({ event: "online", jid: jid.toString() }));
xmpp.on("offline", () => tell({ event: "offline" }));
xmpp.on("disconnect", () => tell({ event: "disconnect" }));
xmpp.on("error", (error) => tell({ event: "error", text: String(error) }));
xmpp.on("element", (element) => tell({ event: "element", xml: element.toString() }));
xmpp.on("send", (element) => {
  if (element.is("auth") || element.is("authenticate")) {
    tell({ event: "sign-in", kind: element.name, mechanism: element.attrs.mechanism });
  }
});
xmpp.streamManagement.on("resumed", () => tell({ event: "resumed" }));

// The library is online before stream management is; it miscounts what comes in between.
async function start() {
  const enabled = new Promise((resolve) =>
    xmpp.on("nonza", (element) => element.is("enabled", "urn:xmpp:sm:3") && resolve()),
  );
  const jid = await xmpp.start();
  await new Promise(setImmediate);
  if (!xmpp.streamManagement.enabled) await enabled;
  await new Promise(setImmediate);
  return { jid: jid.toString() };
}

const actions = {
  start,
  stop: async () => void (await xmpp.stop()),
  send: async ({ xml }) => void (await xmpp.send(parse(xml))),
  ask: async ({ xml }) => ({ xml: (await xmpp.iqCaller.request(parse(xml), 10_000)).toString() }),
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  actions[command.do](command).then(
    (result) => tell({ event: "done", id: command.id, ...result }),
    (error) => tell({ event: "done", id: command.id, error: error.condition ?? String(error) }),
  );
}
process.exit(0);
