import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connection, type ReadyState } from "../../xmpp/connection.ts";
import { Dialler } from "../../xmpp/dial.ts";
import { Lost, TooLarge } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/ns.ts";
import { x, type Element } from "../../xmpp/xml.ts";
import { ADDRESS, ScriptedServer, TOKEN } from "./scripted.ts";

/** In milliseconds: when something is said never to come. */
const PATIENCE = 20_000;

let server: ScriptedServer;
let connection: Connection;
let log: string[];
let ready: ReadyState[];
let heard: string[];
let saved: unknown[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  server = new ScriptedServer();
  server.install();
  [log, ready, heard, saved] = [[], [], [], []];
  connection = new Connection({
    address: ADDRESS,
    token: TOKEN,
    device: { id: "d4565fa7-4d72-4749-b3d3-740edbf87770", software: "Kith Web", name: "a test" },
    websocket: "wss://kith.example/xmpp-websocket",
    bosh: "https://kith.example/http-bind",
    saveToken: (token) => saved.push(token),
  });
  connection.onStatus = (status, problem) => log.push(problem ? `${status}: ${problem.message}` : status);
  connection.onReady = (state) => ready.push(state);
  connection.onStanza = (stanza) => heard.push(stanza.getChildText("body") ?? stanza.name);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("no BOSH here", { status: 404 })));
});

afterEach(async () => {
  server.reachable = true;
  await connection.stop();
  server.uninstall();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Lets everything happen that needs no time of the connection's; it may load code, which on a busy machine takes a while. */
async function until(condition: () => boolean): Promise<void> {
  for (const begun = performance.now(); !condition(); await setImmediate())
    if (performance.now() - begun > PATIENCE) throw new Error(`never: ${log.join(", ")}`);
}

/** Lets time pass, as it is needed: until acknowledgements are asked for, and the next attempt. */
async function eventually(condition: () => boolean): Promise<void> {
  await until(() => {
    if (condition()) return true;
    if (connection.status === "waiting") vi.advanceTimersByTime(30_000);
    else if (connection.status === "online") vi.advanceTimersByTime(200);
    return condition();
  });
}

async function online(): Promise<void> {
  connection.start();
  await until(() => connection.status === "online");
}

const message = (body: string): Element => x("message", { to: "ben@kith.example" }, x("body", {}, body));
const bodies = (): (string | null)[] => server.received.map((stanza) => stanza.getChildText("body"));

describe("a stream that was opened ahead", () => {
  const early = (token = TOKEN): void => {
    const dialler = new Dialler("kith.example", {
      websocket: "wss://kith.example/xmpp-websocket",
      bosh: "https://kith.example/http-bind",
    });
    dialler.ahead();
    const { onStatus, onReady } = connection;
    connection = new Connection({
      address: ADDRESS,
      token,
      device: { id: "d4565fa7-4d72-4749-b3d3-740edbf87770", software: "Kith Web", name: "a test" },
      dialler,
      saveToken: (next) => saved.push(next),
    });
    Object.assign(connection, { onStatus, onReady });
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

describe("a connection that is cut", () => {
  // 5 elements until the client is in, 12 stanzas each way, and what goes with them.
  it.each(Array.from({ length: 60 }, (_, i) => i + 6))(
    "in the middle of element %i loses nothing and brings nothing twice",
    async (at) => {
      server.cutAfter = at;
      await online();
      const expected = Array.from({ length: 12 }, (_, i) => String(i));
      const sent: Promise<void>[] = [];
      for (const body of expected) {
        sent.push(connection.send(message(body)));
        server.say(message(body));
        if (Number(body) % 4 === 3) await setImmediate();
      }
      await eventually(
        () => server.received.length >= 12 && heard.length >= 12 && server.session.queue.length === 0,
      );
      let done = false;
      void Promise.all(sent).then(() => (done = true));
      await eventually(() => done);
      expect(bodies()).toEqual(expected);
      expect(heard).toEqual(expected);
      const cut = server.elements >= at;
      await eventually(() => connection.status === "online" && ready.length === (cut ? 2 : 1));
      expect(ready.map(({ resumed }) => resumed)).toEqual(cut ? [false, true] : [false]);
    },
  );

  it("takes what is said meanwhile along", async () => {
    await online();
    server.cut();
    await until(() => connection.status === "waiting");
    const sent = connection.send(message("while away"));
    const answer = connection.request(
      x("iq", { type: "get", to: "kith.example" }, x("ping", { xmlns: NS.ping })),
    );
    server.onStanza = ({ name, attrs }) => {
      if (name === "iq") server.say(x("iq", { type: "result", id: attrs["id"], from: "kith.example" }));
    };
    await eventually(() => connection.status === "online");
    await Promise.all([sent, answer]);
    expect(server.received).toHaveLength(2);
  });

  it("says what is lost, when the server has forgotten the session", async () => {
    await online();
    const heardOfNothing = connection.request(x("iq", { type: "get" }, x("slow", { xmlns: "urn:slow" })));
    heardOfNothing.catch(() => undefined);
    vi.advanceTimersByTime(200);
    await until(() => server.received.length === 1);
    for (let i = 0; i < 5; i++) await setImmediate();
    server.attentive = false;
    const sent = [connection.send(message("arrived")), connection.send(message("lost"))];
    await until(() => server.received.length === 3);
    // It knows of one of them, as after a power cut.
    server.session.inbound = 2;
    server.forgetful = true;
    server.cut();
    const question = connection.request(x("iq", { type: "get" }, x("ping", { xmlns: NS.ping })));
    const lost = expect(Promise.all([question])).rejects.toBeInstanceOf(Lost);
    await eventually(() => ready.length === 2);
    expect(ready[1]).toMatchObject({ resumed: false, address: `${ADDRESS}/here` });
    expect(await Promise.allSettled(sent)).toEqual([
      { status: "fulfilled", value: undefined },
      { status: "rejected", reason: expect.any(Lost) as Lost },
    ]);
    await lost;
    await expect(heardOfNothing).rejects.toBeInstanceOf(Lost);
    await setImmediate();
    expect(bodies()).toEqual([null, "arrived", "lost"]);
  });

  it("says what is lost, when the server does not keep sessions", async () => {
    server.resumable = false;
    await online();
    server.attentive = false;
    const sent = connection.send(message("one"));
    await until(() => server.received.length === 1);
    server.cut();
    await until(() => connection.status === "waiting");
    await expect(connection.send(message("two"))).rejects.toBeInstanceOf(Lost);
    await eventually(() => ready.length === 2);
    await expect(sent).rejects.toBeInstanceOf(Lost);
    expect(ready[1]?.resumed).toBe(false);
  });

  it("keeps its session where a stranger's page answers in place of the server", async () => {
    await online();
    server.reachable = false;
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("<html><p>Welcome to our hotel")));
    server.cut();
    await until(() => log.filter((line) => line.startsWith("waiting")).length === 1);
    vi.advanceTimersByTime(30_000);
    await until(() => log.filter((line) => line.startsWith("waiting")).length === 2);
    server.reachable = true;
    await eventually(() => ready.length === 2);
    expect(ready[1]?.resumed).toBe(true);
  });

  it("is tried again ever later, up to half a minute, and at once when there is a network", async () => {
    await online();
    server.reachable = false;
    server.cut();
    const delays: number[] = [];
    for (let i = 0; i < 8; i++) {
      await until(() => connection.status === "waiting");
      const before = Date.now();
      vi.advanceTimersToNextTimer();
      while ((connection.status as string) === "waiting") vi.advanceTimersToNextTimer();
      delays.push(Date.now() - before);
    }
    const longest = [1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => seconds * 1_000);
    delays.forEach((delay, i) => {
      expect(delay).toBeGreaterThanOrEqual(longest[i]! / 2);
      expect(delay).toBeLessThanOrEqual(longest[i]!);
    });
    await until(() => connection.status === "waiting");
    server.reachable = true;
    connection.nudge();
    await until(() => connection.status === "online");
    expect(ready.at(-1)?.resumed).toBe(true);
  });

  it("is begun anew where an attempt hangs from before", async () => {
    const take = server.take.bind(server);
    server.take = () => undefined;
    connection.start();
    await until(() => server.wires.length === 1);
    await setImmediate();
    vi.advanceTimersByTime(2_999);
    connection.nudge();
    server.take = take;
    vi.advanceTimersByTime(1);
    expect(log).toEqual(["connecting"]);
    connection.nudge();
    await until(() => connection.status === "online");
    expect(log).toEqual(["connecting", "waiting: begun anew", "connecting", "online"]);
    expect(server.wires.map(({ readyState }) => readyState)).toEqual([3, 1]);
  });

  it("waits for a network where the browser says that there is none", async () => {
    const events = new EventTarget();
    vi.stubGlobal("addEventListener", events.addEventListener.bind(events));
    vi.stubGlobal("removeEventListener", events.removeEventListener.bind(events));
    await online();
    vi.stubGlobal("navigator", { onLine: false });
    server.attentive = false;
    events.dispatchEvent(new Event("offline"));
    vi.advanceTimersByTime(5_000);
    server.attentive = true;
    expect(connection.status).toBe("waiting");
    await vi.advanceTimersByTimeAsync(3_600_000);
    connection.nudge();
    expect(connection.status).toBe("waiting");
    vi.stubGlobal("navigator", { onLine: true });
    events.dispatchEvent(new Event("online"));
    await until(() => connection.status === "online");
  });
});

describe("a connection that is silent", () => {
  it("is asked after a minute, and given up 15 seconds later", async () => {
    await online();
    vi.advanceTimersByTime(50_000);
    server.attentive = false;
    vi.advanceTimersByTime(24_999);
    expect(connection.status).toBe("online");
    vi.advanceTimersByTime(1);
    expect(log.at(-1)).toBe("waiting: no sign of life");
  });

  it("stays when it answers", async () => {
    await online();
    for (let i = 0; i < 60; i++) {
      vi.advanceTimersByTime(10_000);
      await setImmediate();
      await setImmediate();
    }
    expect(log).toEqual(["connecting", "online"]);
  });

  it("is doubted after a sleep and after a nudge", async () => {
    for (const wake of [
      () => {
        connection.nudge();
      },
      () => {
        // Time passes, and no timer runs.
        vi.setSystemTime(Date.now() + 8 * 3_600_000);
      },
      () => {
        // The clock was years ahead, and is put right.
        vi.setSystemTime(Date.now() - 3 * 365 * 86_400_000);
      },
    ]) {
      if (connection.status === "stopped") await online();
      server.attentive = false;
      wake();
      for (let i = 0; i < 15 && connection.status === "online"; i++) vi.advanceTimersByTime(1_000);
      expect(log.at(-1)).toBe("waiting: no sign of life");
      server.attentive = true;
      connection.nudge();
      await until(() => connection.status === "online");
    }
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
  it("sends nothing that the server would end the stream for (XEP-0478)", async () => {
    await online();
    const limits = x("limits", { xmlns: NS.limits }, x("max-bytes", {}, "1000"));
    server.wires[0]!.say(x("stream:features", { "xmlns:stream": NS.stream }, limits));
    await until(() => connection.serverFeatures?.getChild("limits", NS.limits) !== undefined);
    await expect(connection.send(message("ä".repeat(500)))).rejects.toThrow(TooLarge);
    await expect(connection.request(x("iq", { type: "set" }, message("ä".repeat(500))))).rejects.toThrow(
      TooLarge,
    );
    const fits = connection.send(message("a".repeat(500)));
    await eventually(() => server.received.length > 0);
    await fits;
    expect(bodies()).toEqual(["a".repeat(500)]);
  });

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
