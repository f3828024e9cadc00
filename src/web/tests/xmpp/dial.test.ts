import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Dialler } from "../../xmpp/dial.ts";
import { Endpoints } from "../../xmpp/endpoints.ts";
import { NS } from "../../xmpp/ns.ts";
import { x } from "../../xmpp/xml.ts";
import { ADDRESS, ScriptedServer } from "./scripted.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("endpoints", () => {
  const page = (answer: unknown): string[] => {
    const asked: string[] = [];
    vi.stubGlobal("location", { origin: "https://chat.example" });
    vi.stubGlobal("fetch", (url: string) => {
      asked.push(url);
      return answer instanceof Error
        ? Promise.reject(answer)
        : Promise.resolve(new Response(typeof answer === "string" ? answer : JSON.stringify(answer)));
    });
    return asked;
  };
  const both = async (endpoints: Endpoints): Promise<string[]> => [
    await endpoints.find("websocket"),
    await endpoints.find("bosh"),
  ];
  const usual = ["wss://kith.example/xmpp-websocket", "https://kith.example/http-bind"];
  const links = (websocket: unknown, bosh: unknown): unknown => ({
    links: [
      { rel: "urn:xmpp:alt-connections:websocket", href: websocket },
      { rel: "urn:xmpp:alt-connections:xbosh", href: bosh },
    ],
  });

  it("are as told, without a question", async () => {
    const asked = page({});
    expect(await both(new Endpoints(ADDRESS, { websocket: "wss://a", bosh: "https://b" }))).toEqual([
      "wss://a",
      "https://b",
    ]);
    expect(asked).toEqual([]);
  });

  it("are as the page's origin says, asked once (XEP-0156 §3)", async () => {
    const asked = page(links("wss://a.example/ws", "https://a.example/bosh"));
    expect(await both(new Endpoints(ADDRESS, {}))).toEqual(["wss://a.example/ws", "https://a.example/bosh"]);
    expect(asked).toEqual(["https://chat.example/.well-known/host-meta.json"]);
  });

  it("may be without TLS on this machine alone", async () => {
    page(links("ws://localhost:5280/ws", "http://[::1]/bosh"));
    expect(await both(new Endpoints(ADDRESS, {}))).toEqual(["ws://localhost:5280/ws", "http://[::1]/bosh"]);
  });

  it.each([
    ["without TLS", links("ws://evil.example/", "http://localhost.evil.example/")],
    ["of another scheme", links("javascript:alert(1)", "data:text/xml,")],
    ["that are no text", links(1, null)],
    ["that are no list", { links: "wss://evil.example" }],
    ["that are nothing", { links: [null, 1] }],
    ["that are none", {}],
    ["that is null", "null"],
    ["that is no JSON", "<html>"],
    ["that does not come", new TypeError("network")],
  ])("are where a Kith has them, given an answer %s", async (_, answer) => {
    page(answer);
    expect(await both(new Endpoints(ADDRESS, {}))).toEqual(usual);
  });
});

it("without an answer the streams are where the page came from, by its port", async () => {
  vi.stubGlobal("location", {
    origin: "https://kith.example:8443",
    protocol: "https:",
    host: "kith.example:8443",
  });
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
  expect(await new Endpoints(ADDRESS, {}).find("websocket")).toBe("wss://kith.example:8443/xmpp-websocket");
});

describe("the dialler", () => {
  let server: ScriptedServer;
  let proxied: boolean;

  beforeEach(() => {
    server = new ScriptedServer();
    server.install();
    proxied = false;
    const features = x("stream:features", { "xmlns:stream": NS.stream });
    const body = x("body", { xmlns: NS.httpbind, sid: "1", requests: 2, wait: 55 }, features).toString();
    let first = true;
    vi.stubGlobal("fetch", () => {
      if (!proxied) return Promise.resolve(new Response("", { status: 404 }));
      const answer = first ? Promise.resolve(new Response(body)) : new Promise<Response>(() => undefined);
      first = !first;
      return answer;
    });
  });

  afterEach(() => {
    server.uninstall();
  });

  const told = { websocket: "wss://kith.example/", bosh: "https://kith.example/" };

  async function dial(dialler: Dialler): Promise<string> {
    const { line } = await dialler.dial(new AbortController().signal);
    line.transport.abort();
    return line.transport.kind;
  }

  it("takes BOSH where no WebSocket gets through, and remembers it", async () => {
    const dialler = new Dialler(ADDRESS, told);
    [server.reachable, proxied] = [false, true];
    expect(await dial(dialler)).toBe("bosh");
    server.reachable = true;
    expect(await dial(dialler)).toBe("bosh");
    expect(server.wires).toHaveLength(1);
    proxied = false;
    expect(await dial(dialler)).toBe("websocket");
  });

  it("goes back to the WebSocket where it has worked", async () => {
    const dialler = new Dialler(ADDRESS, told);
    expect(await dial(dialler)).toBe("websocket");
    [server.reachable, proxied] = [false, true];
    expect(await dial(dialler)).toBe("bosh");
    server.reachable = true;
    expect(await dial(dialler)).toBe("websocket");
  });

  it("says why, when there is neither", async () => {
    server.reachable = false;
    await expect(dial(new Dialler(ADDRESS, told))).rejects.toThrow("the WebSocket closed (1006)");
  });

  describe("ahead", () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ["Date"] });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    const begun = (): Dialler => {
      const dialler = new Dialler("kith.example", told);
      dialler.ahead();
      return dialler;
    };

    it("has the stream there when somebody signs in, once", async () => {
      const dialler = begun();
      dialler.ahead();
      const { line, early } = await dialler.dial(new AbortController().signal, ADDRESS);
      expect([server.wires.length, early, line.ended]).toEqual([1, true, false]);
      const next = await dialler.dial(new AbortController().signal, ADDRESS);
      expect([server.wires.length, next.early]).toEqual([2, undefined]);
    });

    it("takes no stream that has ended meanwhile, nor one that the server is about to end", async () => {
      const dialler = begun();
      await vi.waitUntil(() => server.elements === 3);
      server.cut();
      expect(await dial(dialler)).toBe("websocket");
      expect(server.wires).toHaveLength(2);
      dialler.ahead();
      vi.setSystemTime(Date.now() + 15_000);
      expect(await dial(dialler)).toBe("websocket");
      expect(server.wires).toHaveLength(4);
      await vi.waitUntil(() => server.wires[2]!.readyState === 3);
    });

    it("begins anew when it has been long", async () => {
      const dialler = begun();
      vi.setSystemTime(Date.now() + 15_000);
      dialler.ahead();
      expect((await dialler.dial(new AbortController().signal)).early).toBe(true);
      expect(server.wires.map(({ readyState }) => readyState)).toEqual([3, 1]);
    });

    it("costs nothing where there was no network", async () => {
      server.reachable = false;
      const dialler = begun();
      await vi.waitUntil(() => server.wires[0]?.readyState === 3);
      server.reachable = true;
      expect(await dial(dialler)).toBe("websocket");
    });

    it("ends with the attempt that waits for it", async () => {
      server.take = () => undefined;
      const dialler = begun();
      const attempt = new AbortController();
      const dialled = dialler.dial(attempt.signal);
      attempt.abort();
      await expect(dialled).rejects.toThrow();
    });
  });

  it("does not wait for a proxy that swallows what is said", async () => {
    vi.useFakeTimers();
    server.take = () => undefined;
    proxied = true;
    const kind = dial(new Dialler(ADDRESS, told));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await kind).toBe("bosh");
    expect(server.wires[0]!.readyState).toBe(3);
    vi.useRealTimers();
  });
});
