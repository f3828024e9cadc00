import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BoshTransport } from "../../xmpp/bosh.ts";
import { NS } from "../../xmpp/ns.ts";
import { parse, x, type Element } from "../../xmpp/xml.ts";

const HEADER = { to: "kith.example", from: "anna@kith.example", language: "de" };
const TERMS = { sid: "session", wait: 55, hold: 1, requests: 2, "xmlns:stream": NS.stream };

interface Asked {
  body: Element;
  text: string;
  answer: (body: Element | string, status?: number) => void;
  fail: () => void;
  aborted: boolean;
}

let asked: Asked[];
let transport: BoshTransport;
let heard: string[];
let closed: (string | undefined)[];

beforeEach(() => {
  vi.useFakeTimers();
  [asked, heard, closed] = [[], [], []];
  vi.stubGlobal("fetch", (url: string, options: RequestInit) => {
    expect(url).toBe("https://kith.example/http-bind");
    expect(options).toMatchObject({ method: "POST", credentials: "omit", cache: "no-store" });
    return new Promise<Response>((resolve, reject) => {
      const request: Asked = {
        text: options.body as string,
        body: parse(options.body as string),
        answer: (body, status = 200) => {
          resolve(new Response(body.toString(), { status }));
        },
        fail: () => {
          reject(new TypeError("network"));
        },
        aborted: false,
      };
      options.signal!.addEventListener("abort", () => {
        request.aborted = true;
        request.fail();
      });
      if (options.signal!.aborted) request.fail();
      asked.push(request);
    });
  });
  transport = new BoshTransport("https://kith.example/http-bind");
  transport.onElement = (element) => heard.push(element.toString());
  transport.onClose = (error) => closed.push(error?.message);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const body = (attributes: Record<string, string | number> = {}, ...children: Element[]): Element =>
  x("body", { xmlns: NS.httpbind, ...attributes }, ...children);
const stanza = (name: string): Element => x("message", { xmlns: NS.client, id: name });
const flush = async (milliseconds = 0): Promise<void> => {
  await vi.advanceTimersByTimeAsync(milliseconds);
};
const rid = (request: Asked | undefined): number => Number(request!.body.attrs["rid"]);
const ids = (): string[] => heard.map((element) => parse(element).attrs["id"]!);

async function open(): Promise<void> {
  const opening = transport.open(HEADER);
  asked[0]!.answer(body(TERMS, x("stream:features", {}, x("bind", { xmlns: NS.bind2 }))));
  await opening;
  await flush();
}

describe("BOSH", () => {
  it("begins as XEP-0124 §7 and XEP-0206 §3 say, and then always has one request waiting", async () => {
    await open();
    expect(asked[0]!.body.attrs).toMatchObject({
      ...{
        to: "kith.example",
        from: "anna@kith.example",
        "xml:lang": "de",
        wait: "55",
        hold: "1",
        ver: "1.11",
      },
      ...{ "xmpp:version": "1.0", "xmlns:xmpp": NS.xbosh },
    });
    expect(rid(asked[0])).toBeGreaterThan(0);
    expect(rid(asked[0])).toBeLessThan(2 ** 52);
    expect(parse(heard[0]!).is("features", NS.stream)).toBe(true);
    expect(asked).toHaveLength(2);
    expect(asked[1]!.body.attrs).toEqual({
      xmlns: NS.httpbind,
      sid: "session",
      rid: String(rid(asked[0]) + 1),
    });
    asked[1]!.answer(body());
    await flush();
    expect(rid(asked[2])).toBe(rid(asked[0]) + 2);
    expect(closed).toEqual([]);
  });

  it("sends what is said in one breath in one request, and the rest when one is free", async () => {
    await open();
    transport.send(stanza("1").toString());
    transport.send(stanza("2").toString());
    await flush();
    expect(asked[2]!.body.getChildren("message", NS.client).map(({ attrs }) => attrs["id"])).toEqual([
      "1",
      "2",
    ]);
    transport.send(stanza("3").toString());
    await flush();
    expect(asked).toHaveLength(3);
    asked[1]!.answer(body());
    await flush();
    expect(asked[3]!.body.getChildren("message").map(({ attrs }) => attrs["id"])).toEqual(["3"]);
  });

  it("does not make requests longer than a server takes", async () => {
    await open();
    const long = x("message", { xmlns: NS.client }, x("body", {}, "a".repeat(6_000))).toString();
    for (let i = 0; i < 3; i++) transport.send(long);
    await flush();
    expect(asked[2]!.body.children).toHaveLength(1);
    asked[1]!.answer(body());
    asked[2]!.answer(body());
    await flush();
    expect(asked.slice(3).map((request) => request.body.children.length)).toEqual([1, 1]);
  });

  it("keeps `$&` as it is", async () => {
    await open();
    transport.send(x("message", { xmlns: NS.client, id: "$& $1" }).toString());
    await flush();
    expect(asked[2]!.body.getChild("message")!.attrs["id"]).toBe("$& $1");
  });

  it("reads answers in the order of their requests (§15.2)", async () => {
    await open();
    heard = [];
    transport.send(stanza("mine").toString());
    await flush();
    asked[2]!.answer(body({}, stanza("second")));
    await flush();
    expect(heard).toEqual([]);
    asked[1]!.answer(body({}, stanza("first"), stanza("first too")));
    await flush();
    expect(ids()).toEqual(["first", "first too", "second"]);
  });

  it.each([
    [
      "the network",
      (request: Asked) => {
        request.fail();
      },
    ],
    [
      "a proxy",
      (request: Asked) => {
        request.answer("<html>Bad gateway", 502);
      },
    ],
    [
      "a condition that passes (§17.3)",
      (request: Asked) => {
        request.answer(body({ type: "error" }));
      },
    ],
  ])("sends a request again, the same, that %s has failed", async (_, fail) => {
    await open();
    heard = [];
    transport.send(stanza("mine").toString());
    await flush();
    fail(asked[2]!);
    await flush(200);
    expect(asked[3]!.text).toBe(asked[2]!.text);
    fail(asked[3]!);
    await flush(1_000);
    asked[1]!.answer(body());
    asked[4]!.answer(body({}, stanza("theirs")));
    await flush();
    expect(ids()).toEqual(["theirs"]);
    expect(closed).toEqual([]);
  });

  it("gives up in the end, once", async () => {
    await open();
    for (let i = 0; i < 5; i++) {
      asked.at(-1)!.fail();
      await flush(3_000);
    }
    expect(asked).toHaveLength(5);
    expect(closed).toEqual(["BOSH: no answer"]);
    transport.send(stanza("late").toString());
    await flush();
    expect(asked).toHaveLength(5);
  });

  it("gives up a request that hangs", async () => {
    await open();
    await flush(65_000);
    expect(asked[1]!.aborted).toBe(true);
    await flush(200);
    expect(asked[2]!.text).toBe(asked[1]!.text);
  });

  it.each([
    ["a status that says no", "", 403, "BOSH: status 403"],
    ["no XML", "<body", 200, "BOSH: not well-formed"],
    ["another element", "<html xmlns='http://www.w3.org/1999/xhtml'/>", 200, "BOSH: no body"],
    [
      "a terminal condition",
      body({ type: "terminate", condition: "item-not-found" }),
      200,
      "BOSH: item-not-found",
    ],
    ["the end", body({ type: "terminate" }), 200, undefined],
  ])("ends with %s", async (_, answer, status, problem) => {
    await open();
    asked[1]!.answer(answer, status);
    await flush();
    expect(closed).toEqual([problem]);
    expect(asked).toHaveLength(2);
  });

  it("gives the last words before the end", async () => {
    await open();
    heard = [];
    const error = x("stream:error", {}, x("conflict", { xmlns: NS.streamErrors }));
    const attributes = { "xmlns:stream": NS.stream, type: "terminate", condition: "remote-stream-error" };
    asked[1]!.answer(body(attributes, error));
    await flush();
    expect(parse(heard[0]!).is("error", NS.stream)).toBe(true);
    expect(closed).toEqual(["BOSH: remote-stream-error"]);
  });

  it.each([
    ["says no", body({ type: "terminate", condition: "host-unknown" }), "BOSH: host-unknown"],
    ["names no session", body({ requests: 2, wait: 55 }), "BOSH: no session"],
    ["would be asked again and again", body({ ...TERMS, wait: 0, requests: 1 }), "does not hold requests"],
  ])("does not begin with a server that %s", async (_, answer, problem) => {
    const opening = transport.open(HEADER);
    asked[0]!.answer(answer);
    await expect(opening).rejects.toThrow(problem);
    await flush(60_000);
    expect(asked).toHaveLength(1);
  });

  it("says goodbye with what is left to say (§13)", async () => {
    await open();
    transport.send(stanza("last").toString());
    const closing = transport.close();
    await flush();
    expect(asked[2]!.body.attrs["type"]).toBe("terminate");
    expect(asked[2]!.body.getChild("message")!.attrs["id"]).toBe("last");
    asked[1]!.answer(body({ type: "terminate" }));
    await closing;
    expect(asked[2]!.aborted).toBe(true);
    expect(closed).toEqual([]);
  });

  it("does not wait long for a goodbye", async () => {
    await open();
    const closing = transport.close();
    await flush(2_000);
    await closing;
    expect(asked.slice(1).map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(closed).toEqual([]);
  });

  it("lets go without a word", async () => {
    await open();
    transport.abort();
    transport.send(stanza("late").toString());
    await flush(60_000);
    expect(asked).toHaveLength(2);
    expect(asked[1]!.aborted).toBe(true);
    expect(closed).toEqual([]);
  });
});
