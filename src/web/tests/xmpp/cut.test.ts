import { setImmediate } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { Lost } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/ns.ts";
import { x } from "../../xmpp/xml.ts";
import {
  bodies,
  connection,
  eventually,
  heard,
  log,
  message,
  online,
  ready,
  server,
  until,
} from "./connected.ts";
import { ADDRESS } from "./scripted.ts";

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
