import { setImmediate } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { Dialler } from "../../xmpp/dial.ts";
import { Lost } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/ns.ts";
import { x } from "../../xmpp/xml.ts";
import {
  connect,
  connection,
  ENDPOINTS,
  eventually,
  heard,
  log,
  message,
  online,
  ready,
  saved,
  server,
  until,
} from "./connected.ts";
import { ADDRESS, TOKEN } from "./scripted.ts";

describe("a stream that was opened ahead", () => {
  const early = (token = TOKEN): void => {
    const dialler = new Dialler("kith.example", ENDPOINTS);
    dialler.ahead();
    connect({ token, dialler });
  };

  it("is what one signs in on", async () => {
    early();
    await online();
    expect([server.wires.length, log]).toEqual([1, ["connecting", "online"]]);
  });

  it("and that ends as it is used is replaced before anybody hears of it", async () => {
    early();
    server.cutAfter = 4; // two headers and the features have passed: the sign-in does not
    await online();
    expect([server.wires.length, log]).toEqual([2, ["connecting", "online"]]);
  });

  it("refuses as any other does, without another try", async () => {
    early({ ...TOKEN, token: "wrong" });
    connection.start();
    await until(() => connection.status === "refused");
    expect([server.wires.length, saved]).toEqual([1, [undefined]]);
  });
});

describe("acknowledgements", () => {
  it("are asked for after five stanzas, or after a pause", async () => {
    await online();
    const sent = Array.from({ length: 5 }, (_, i) => connection.send(message(String(i))));
    await Promise.all(sent);
    let done = false;
    void connection.send(message("5")).then(() => (done = true));
    await setImmediate();
    expect([server.received.length, done]).toEqual([6, false]);
    vi.advanceTimersByTime(200);
    await until(() => done);
  });

  it("count what came, IQs of all kinds included", async () => {
    await online();
    server.say(x("message", { from: "ben@kith.example/a" }, x("body", {}, "hello")));
    server.say(x("presence", { from: "ben@kith.example/a" }));
    server.say(x("iq", { type: "result", id: "of nobody" }));
    server.say(x("iq", { type: "get", id: "1", from: "ben@kith.example/a" }, x("ping", { xmlns: NS.ping })));
    await until(() => server.session.queue.length === 0);
    expect(server.session.acknowledged).toBe(4);
    expect(heard).toEqual(["hello", "presence"]);
  });

  it("of more than was sent end the session", async () => {
    await online();
    const sent = connection.send(message("one"));
    server.session.wire.say(x("a", { xmlns: NS.sm, h: 2 }));
    await expect(sent).rejects.toBeInstanceOf(Lost);
    expect(log.at(-1)).toMatch(/^waiting: acknowledged up to 2/);
  });
});

describe("a server that ends the stream", () => {
  it("for another client of this place is left alone", async () => {
    await online();
    const sent = connection.send(message("one"));
    await until(() => server.received.length === 1);
    server.streamError("conflict");
    await expect(sent).rejects.toBeInstanceOf(Lost);
    expect(log.at(-1)).toBe("stopped: conflict");
    await vi.advanceTimersByTimeAsync(3_600_000);
    connection.nudge();
    expect(server.wires).toHaveLength(1);
    await online();
    expect(ready.at(-1)?.resumed).toBe(false);
  });

  it("because of what was sent is not sent it again, nor soon", async () => {
    await online();
    server.attentive = false;
    const sent = connection.send(message("too much"));
    await until(() => server.received.length === 1);
    server.streamError("policy-violation");
    await expect(sent).rejects.toBeInstanceOf(Lost);
    vi.advanceTimersByTime(14_900);
    expect(log.at(-1)).toBe("waiting: policy-violation");
    await eventually(() => connection.status === "online");
    expect(ready.at(-1)?.resumed).toBe(false);
    expect(server.received).toHaveLength(1);
  });

  it("because it goes down is asked for the session again", async () => {
    await online();
    server.streamError("system-shutdown");
    await eventually(() => ready.length === 2);
    expect(ready[1]?.resumed).toBe(true);
  });
});

describe("a token", () => {
  it("that is refused is forgotten, and nobody tries again", async () => {
    server.refuses = "credentials-expired";
    connection.start();
    await until(() => connection.status === "refused");
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(saved).toEqual([undefined]);
    expect(server.wires).toHaveLength(1);
  });

  it("of a locked account is kept", async () => {
    server.refuses = "account-disabled";
    connection.start();
    await until(() => connection.status === "refused");
    expect(saved).toEqual([]);
  });

  it("is tried again when the server cannot say at the moment", async () => {
    server.refuses = "temporary-auth-failure";
    connection.start();
    await until(() => connection.status === "waiting");
    server.refuses = undefined;
    await eventually(() => connection.status === "online");
    expect(saved).toEqual([]);
  });
});

describe("the rest", () => {
  it("tells the server whether somebody looks, again after a resumption", async () => {
    await online();
    connection.active(true);
    connection.active(false);
    await until(() => server.nonzas.length === 1);
    server.cut();
    await eventually(() => ready.length === 2);
    await until(() => server.nonzas.length === 2);
    expect(server.nonzas.map((element) => `${element.name} ${element.getNS() ?? ""}`)).toEqual(
      Array(2).fill(`inactive ${NS.csi}`),
    );
  });

  it("goes on when the page stumbles over a stanza", async () => {
    await online();
    const stumbled = vi.fn();
    process.prependOnceListener("uncaughtException", stumbled);
    const listeners = process.listeners("uncaughtException").filter((one) => one !== stumbled);
    for (const one of listeners) process.off("uncaughtException", one);
    connection.onStanza = () => {
      connection.onStanza = () => heard.push("second");
      throw new Error("a bug");
    };
    server.say(message("first"));
    server.say(message("second"));
    await until(() => heard.length === 1 && server.session.queue.length === 0);
    for (const one of listeners) process.on("uncaughtException", one);
    expect(stumbled).toHaveBeenCalledOnce();
    expect(connection.status).toBe("online");
  });

  it.each([
    "<message",
    "<!DOCTYPE a><message xmlns='jabber:client'/>",
    "",
    "<message xmlns='jabber:client'/><b/>",
  ])("lets go of a server that says %j", async (nonsense) => {
    await online();
    server.session.wire.say(nonsense);
    await until(() => connection.status === "waiting");
    expect(log.at(-1)).toBe("waiting: not well-formed");
  });

  it.each([
    ["a proof that is wrong", "<additional-data>AAAA</additional-data>"],
    ["no proof", ""],
    ["a proof that is no base64", "<additional-data>!</additional-data>"],
  ])("does not believe a server with %s", async (_, data) => {
    const take = server.take.bind(server);
    server.take = (wire, element) => {
      if (!element.startsWith("<authenticate")) take(wire, element);
      else
        wire.say(
          `<success xmlns='urn:xmpp:sasl:2'>${data}<authorization-identifier>${ADDRESS}/here</authorization-identifier>` +
            `<bound xmlns='urn:xmpp:bind:0'/><token xmlns='urn:xmpp:fast:0' token='evil' expiry='2030-01-01T00:00:00Z'/></success>`,
        );
    };
    connection.start();
    await until(() => connection.status === "waiting");
    expect(ready).toEqual([]);
    expect(saved).toEqual([]);
  });

  it("rejects what is asked without a session, and after its end", async () => {
    await expect(connection.send(message("early"))).rejects.toBeInstanceOf(Lost);
    await expect(connection.request(x("iq", { type: "get" }))).rejects.toBeInstanceOf(Lost);
    await online();
    server.attentive = false;
    const sent = connection.send(message("late"));
    const asked = connection.request(x("iq", { type: "get" }, x("ping", { xmlns: NS.ping })));
    const stopped = connection.stop();
    await expect(sent).rejects.toBeInstanceOf(Lost);
    await expect(asked).rejects.toBeInstanceOf(Lost);
    await stopped;
    expect(log.at(-1)).toBe("stopped");
    expect(server.wires[0]?.readyState).toBe(3);
  });

  it("may be stopped by what is called back", async () => {
    connection.onStatus = (status) => {
      log.push(status);
      if (status === "online") void connection.stop();
    };
    connection.start();
    await until(() => connection.status === "stopped");
    await setImmediate();
    expect([log, ready]).toEqual([["connecting", "online", "stopped"], []]);
    connection.onStatus = (status) => {
      log.push(status);
      if (status === "waiting") void connection.stop();
    };
    server.reachable = false;
    connection.start();
    await until(() => connection.status === "stopped");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(log.slice(3)).toEqual(["connecting", "waiting", "stopped"]);
  });

  it("stops in the middle of an attempt", async () => {
    connection.start();
    await connection.stop();
    await setImmediate();
    expect(log).toEqual(["connecting", "stopped"]);
    await online();
    expect(ready).toHaveLength(1);
  });
});
