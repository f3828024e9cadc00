import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NS } from "../../xmpp/ns.ts";
import { x } from "../../xmpp/xml.ts";
import { Client, block, cut, cutRequests, DOMAIN, Kith, program, watch } from "./kith.ts";

const INFO = "http://jabber.org/protocol/disco#info";
const VERSION = "jabber:iq:version";
const PASSWORD = "a long walk by the sea";
/** Nothing listens there. */
const NOWHERE = "wss://127.0.0.1:1/xmpp-websocket";

describe.skipIf(!program)("against the program that KITH names", { timeout: 60_000 }, () => {
  let kith: Kith;
  const device = { id: crypto.randomUUID(), software: "Kith Web", name: "a test" };

  beforeAll(async () => {
    kith = await Kith.start();
    await Promise.all([kith.addUser("anna", PASSWORD), kith.addUser("ben", PASSWORD)]);
  }, 60_000);

  afterAll(() => kith.stop());

  it("signs in by password and gets a token", async () => {
    const anna = await new Client(kith, "anna", { password: PASSWORD, tag: "Kith Web" }).online();
    const answer = await anna.connection.request(
      x("iq", { type: "get", to: DOMAIN }, x("query", { xmlns: INFO })),
    );
    expect(answer.getChild("query", INFO)?.getChildren("feature")).not.toHaveLength(0);
    expect(anna.connection.address).toMatch(new RegExp(`^anna@${DOMAIN}/Kith Web/.`));
    expect(anna.ready[0]?.bound?.getChild("metadata", "urn:xmpp:mam:2")).toBeDefined();
    expect(anna.tokens).toHaveLength(1);
    await anna.connection.stop();
    expect(anna.log).toEqual(["connecting", "online", "stopped"]);
  });

  it("asks its own account with an address, without one, and the server", async () => {
    const anna = await new Client(kith, "anna", { password: PASSWORD }).online();
    for (const to of [undefined, `anna@${DOMAIN}`, `Anna@${DOMAIN.toUpperCase()}`, anna.connection.address])
      await anna.connection.request(x("iq", { type: "get", to }, x("ping", { xmlns: NS.ping })));
    await anna.connection.request(x("iq", { type: "get", to: DOMAIN }, x("ping", { xmlns: NS.ping })));
    await expect(
      anna.connection.request(x("iq", { type: "get", to: DOMAIN }, x("nothing", { xmlns: "urn:nothing" }))),
    ).rejects.toMatchObject({ name: "StanzaError", condition: "service-unavailable" });
    await anna.connection.stop();
  });

  it.each(["websocket", "bosh"])("signs in by token over %s, until it signs out", async (kind) => {
    const way = kind === "bosh" ? { websocket: NOWHERE } : { bosh: "https://127.0.0.1:1/http-bind" };
    const first = await new Client(kith, "anna", { password: PASSWORD, device, ...way }).online();
    const token = first.tokens[0]!;
    await first.connection.stop();

    const second = await new Client(kith, "anna", { token, device, ...way }).online();
    expect(second.tokens).toEqual([]);
    await second.connection.signOut();
    expect(second.tokens).toEqual([undefined]);

    const third = new Client(kith, "anna", { token, device, ...way });
    await expect(third.online()).rejects.toThrow("refused: not-authorized");
    expect(third.tokens).toEqual([undefined]);
  });

  it("finds out beside its session whether somebody knows the password", async () => {
    const anna = await new Client(kith, "anna", { password: PASSWORD, device }).online();
    await anna.connection.prove(PASSWORD);
    await expect(anna.connection.prove("a guess")).rejects.toMatchObject({ name: "Refused" });
    await anna.connection.request(x("iq", { type: "get", to: DOMAIN }, x("ping", { xmlns: NS.ping })));
    expect(anna.log).toEqual(["connecting", "online"]);
    await anna.connection.stop();
  });

  it("falls back to the password when the token is refused, on the same stream", async () => {
    const token = { mechanism: "HT-SHA-256-NONE", token: "made up", expires: 0 };
    const anna = await new Client(kith, "anna", { token, password: PASSWORD, device }).online();
    expect(anna.tokens).toEqual([undefined, expect.objectContaining({ mechanism: "HT-SHA-256-NONE" })]);
    expect(anna.log).toEqual(["connecting", "online"]);
    await anna.connection.stop();
  });

  it("has forgotten the password once there is a token", async () => {
    const own = { id: crypto.randomUUID(), software: "Kith Web", name: "a test" };
    const anna = await new Client(kith, "anna", { password: PASSWORD, device: own }).online();
    await anna.connection.stop();
    const other = await new Client(kith, "anna", { token: anna.tokens[0]!, device: own }).online();
    await other.connection.signOut();
    await expect(anna.online()).rejects.toThrow("refused: not-authorized");
  });

  it.each(["anna", "nobody"])(
    "is refused with a wrong password for %s, and does not try again",
    async (name) => {
      const client = new Client(kith, name, { password: "a guess" });
      await expect(client.online()).rejects.toThrow("refused: not-authorized");
      expect(client.log).toHaveLength(2);
      expect(client.tokens).toEqual([]);
    },
  );

  it("gives way to another session of the same device", async () => {
    const one = await new Client(kith, "anna", { password: PASSWORD, device }).online();
    const two = await new Client(kith, "anna", { password: PASSWORD, device }).online();
    await one.until(({ connection }) => connection.status === "stopped");
    expect(one.log.at(-1)).toMatch(/^stopped: conflict/);
    expect(two.connection.status).toBe("online");
    await two.connection.stop();
  });

  it("answers what others ask, and only what it knows", async () => {
    const anna = await new Client(kith, "anna", { password: PASSWORD }).online();
    const ben = await new Client(kith, "ben", { password: PASSWORD }).online();
    ben.connection.answer("query", VERSION, () => x("query", { xmlns: VERSION }, x("name", {}, "Kith Web")));
    const to = ben.connection.address;
    const answer = await anna.connection.request(
      x("iq", { type: "get", to }, x("query", { xmlns: VERSION })),
    );
    expect(answer.getChild("query")?.getChildText("name")).toBe("Kith Web");
    await anna.connection.request(x("iq", { type: "get", to }, x("ping", { xmlns: NS.ping })));
    await expect(
      anna.connection.request(x("iq", { type: "set", to }, x("open", { xmlns: "urn:the-door" }))),
    ).rejects.toMatchObject({ condition: "service-unavailable" });
    await Promise.all([anna.connection.stop(), ben.connection.stop()]);
  });

  describe.each(["websocket", "bosh"])("over %s", (kind) => {
    const way = kind === "bosh" ? { websocket: NOWHERE } : {};

    it("exchanges a hundred messages each way while one is cut ten times, nothing lost, nothing twice", async () => {
      const anna = await new Client(kith, "anna", { password: PASSWORD, ...way }).online();
      watch();
      const ben = await new Client(kith, "ben", { password: PASSWORD, ...way }).online();
      const heard = { anna: [] as string[], ben: [] as string[] };
      const collect = (client: Client, into: string[]): void => {
        client.connection.onStanza = (stanza) => {
          const body = stanza.getChildText("body");
          if (stanza.name === "message" && body !== null) into.push(body);
        };
      };
      collect(anna, heard.anna);
      collect(ben, heard.ben);
      await ben.connection.send(x("presence"));

      const sent: Promise<void>[] = [];
      const expected: string[] = [];
      for (let i = 0; i < 100; i++) {
        const body = `number ${String(i)}`;
        expected.push(body);
        for (const [from, to] of [
          [anna, ben],
          [ben, anna],
        ] as const)
          sent.push(from.connection.send(message(to.connection.address, body)));
        if (i % 10 === 5) await breakOff(...(kind === "bosh" ? [ben, anna] : [ben]));
        // BOSH asks again for what a request that failed would have brought; to WebSockets these do nothing.
        else if (i % 10 === 8) cutRequests();
        else if (i % 3 === 0)
          await ben.connection.request(x("iq", { type: "get" }, x("ping", { xmlns: NS.ping })));
      }
      await Promise.all(sent);
      // Whatever is still on its way has come before the answers to these.
      await anna.connection.request(
        x("iq", { type: "get", to: ben.connection.address }, x("ping", { xmlns: NS.ping })),
      );
      await ben.connection.request(
        x("iq", { type: "get", to: anna.connection.address }, x("ping", { xmlns: NS.ping })),
      );
      expect(heard.ben).toEqual(expected);
      expect(heard.anna).toEqual(expected);
      // A slow machine may lose more of them by itself.
      expect(ben.ready.filter(({ resumed }) => resumed).length).toBeGreaterThanOrEqual(10);
      expect(ben.ready.filter(({ resumed }) => !resumed)).toHaveLength(1);
      await Promise.all([anna.connection.stop(), ben.connection.stop()]);
    }, 60_000);
  });
});

const message = (to: string, body: string) => x("message", { to, type: "chat" }, x("body", {}, body));

/** Cuts their connections, and resolves when their sessions are back on other streams. */
async function breakOff(...clients: Client[]): Promise<void> {
  const before = clients.map(({ ready }) => ready.length);
  block(true);
  cut();
  for (const client of clients) await client.until(({ connection }) => connection.status === "waiting");
  block(false);
  for (const { connection } of clients) connection.nudge();
  for (const [i, client] of clients.entries()) await client.until(({ ready }) => ready.length > before[i]!);
}
