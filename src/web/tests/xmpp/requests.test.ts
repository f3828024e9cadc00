import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Lost, StanzaError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/ns.ts";
import { Requests } from "../../xmpp/requests.ts";
import { parse, x, type Element } from "../../xmpp/xml.ts";

const OWN = "anna@kith.example/here";
let sent: Element[];
let requests: Requests;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  requests = new Requests((stanza) => {
    sent.push(stanza);
    return Promise.resolve();
  });
  requests.own = OWN;
});

afterEach(() => {
  vi.useRealTimers();
});

const ask = (to?: string): Promise<Element> => requests.ask(x("iq", { type: "get", to }), 1_000);
const result = (id: string, from?: string): Element => x("iq", { type: "result", id, from });

/** Undefined while it is open. */
async function state(answer: Promise<unknown>): Promise<string> {
  return Promise.race([
    answer.then(
      () => "answered",
      (error: unknown) => String(error),
    ),
    Promise.resolve()
      .then(() => Promise.resolve("open"))
      .then((one) => one),
  ]);
}

describe("an answer", () => {
  it.each([
    ["ben@kith.example/a", "ben@kith.example/a"],
    ["Ben@Kith.Example/a", "ben@kith.example/a"],
    ["kith.example", "kith.example"],
    [undefined, undefined],
    [undefined, "anna@kith.example"],
    [undefined, OWN],
    ["anna@kith.example", undefined],
    ["Anna@kith.example", "anna@kith.example"],
    [OWN, OWN],
  ])("to a question for %s comes from %s", async (to, from) => {
    const answer = ask(to);
    requests.take(result(sent[0]!.attrs["id"]!, from));
    expect((await answer).attrs["from"]).toBe(from);
  });

  // security.md, "Identity": IQ results matched by sender and id.
  it.each([
    ["ben@kith.example/a", undefined],
    ["ben@kith.example/a", "ben@kith.example"],
    ["ben@kith.example/a", "ben@kith.example/A"],
    ["ben@kith.example/a", "mallory@evil.example/a"],
    ["ben@kith.example", "ben@kith.example/a"],
    ["kith.example", undefined],
    ["kith.example", "anna@kith.example"],
    [undefined, "mallory@evil.example"],
    [undefined, "kith.example"],
    [undefined, "anna@kith.example/elsewhere"],
    ["anna@kith.example", "ben@kith.example"],
  ])("to a question for %s does not come from %s", async (to, from) => {
    const answer = ask(to);
    const id = sent[0]!.attrs["id"]!;
    requests.take(result(id, from));
    requests.take(x("iq", { type: "error", id, from }));
    expect(await state(answer)).toBe("open");
  });

  it("does not come by another id, nor twice, and ids cannot be guessed", async () => {
    const answer = ask();
    const { id } = sent[0]!.attrs;
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    requests.take(result("1"));
    expect(await state(answer)).toBe("open");
    requests.take(result(id!));
    requests.take(result(id!));
    expect(await state(answer)).toBe("answered");
  });

  it("may be an error", async () => {
    const answer = ask();
    requests.take(
      parse(
        `<iq xmlns='jabber:client' type='error' id='${sent[0]!.attrs["id"]!}'><error type='auth'>` +
          `<text xmlns='${NS.stanzaErrors}'>No.</text><forbidden xmlns='${NS.stanzaErrors}'/></error></iq>`,
      ),
    );
    await expect(answer).rejects.toMatchObject({ condition: "forbidden", type: "auth", text: "No." });
  });

  it.each([
    "<iq type='error'/>",
    "<iq type='error'><error/></iq>",
    "<iq type='error'><error><a/></error></iq>",
  ])("may be an error that says nothing: %s", async (error) => {
    const answer = ask();
    const iq = parse(error);
    iq.attrs["id"] = sent[0]!.attrs["id"];
    requests.take(iq);
    await expect(answer).rejects.toMatchObject({ condition: "undefined-condition", type: "cancel" });
  });

  it("may not come at all; the time does not count without a stream", async () => {
    const answer = ask();
    requests.pause();
    vi.advanceTimersByTime(60_000);
    expect(await state(answer)).toBe("open");
    requests.proceed();
    vi.advanceTimersByTime(999);
    expect(await state(answer)).toBe("open");
    vi.advanceTimersByTime(1);
    await expect(answer).rejects.toMatchObject({ condition: "remote-server-timeout" });
    requests.take(result(sent[0]!.attrs["id"]!));
  });

  it("is lost with its question", async () => {
    const lost = new Requests(() => Promise.reject(new Lost()));
    await expect(lost.ask(x("iq", { type: "get" }), 1_000)).rejects.toBeInstanceOf(Lost);
  });

  it("is not awaited twice by one id", async () => {
    void requests.ask(x("iq", { type: "get", id: "1" }), 1_000).catch(() => undefined);
    await expect(requests.ask(x("iq", { type: "get", id: "1" }), 1_000)).rejects.toThrow("a second request");
  });
});

describe("a question of others", () => {
  const question = (child: string, attributes = "type='get' id='1' from='ben@kith.example/a'"): Element =>
    parse(`<iq xmlns='jabber:client' ${attributes}>${child}</iq>`);

  it.each([
    ["<ping xmlns='urn:xmpp:ping'/>", "result", undefined],
    ["<time xmlns='urn:time'/>", "result", "<now xmlns"],
    ["<time xmlns='urn:other'/>", "error", "service-unavailable"],
    ["<late xmlns='urn:time'/>", "error", "item-not-found"],
    ["<constructor xmlns='urn:time'/>", "error", "service-unavailable"],
    ["", "error", "bad-request"],
    ["<ping xmlns='urn:xmpp:ping'/><ping xmlns='urn:xmpp:ping'/>", "error", "bad-request"],
  ])("%s is answered", async (child, type, content) => {
    requests.answer("time", "urn:time", async () => Promise.resolve(x("now", { xmlns: "urn:time" })));
    requests.answer("late", "urn:time", () => {
      throw new StanzaError("item-not-found", "cancel", undefined, x("iq"));
    });
    requests.take(question(child));
    await vi.waitFor(() => {
      expect(sent).toHaveLength(1);
    });
    expect(sent[0]!.attrs).toEqual({ type, id: "1", to: "ben@kith.example/a" });
    expect(sent[0]!.toString()).toContain(content ?? "");
    expect(sent[0]!.children).toHaveLength(content === undefined ? 0 : 1);
  });

  it.each(["type='get'", "type='result' id='1'", "type='error' id='1'", ""])(
    "with %s is not one",
    async (said) => {
      requests.take(question("<ping xmlns='urn:xmpp:ping'/>", said));
      await Promise.resolve();
      expect(sent).toEqual([]);
    },
  );

  it("of a type that does not exist is told so", async () => {
    requests.take(question("<ping xmlns='urn:xmpp:ping'/>", "type='take' id='1'"));
    await Promise.resolve();
    expect(sent[0]!.toString()).toContain("bad-request");
  });
});
