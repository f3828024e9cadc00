import { describe, expect, it } from "vitest";
import { Lost, ProtocolError, Refused, StreamError } from "../../xmpp/errors.ts";
import { fateOf } from "../../xmpp/fate.ts";

describe("what becomes of a connection", () => {
  // Whether a session stood, and then: the status, whether the session is over, whether the next attempt comes late.
  it.each([
    [new Lost(), true, "waiting", false, false],
    [new Lost(), false, "waiting", false, false],
    [new TypeError("no network"), false, "waiting", false, false],
    [new ProtocolError("not well-formed"), true, "waiting", true, true],
    [new ProtocolError("not well-formed"), false, "waiting", false, true],
    [new Refused("not-authorized"), false, "refused", true, false],
    [new StreamError("conflict"), true, "stopped", true, false],
    [new StreamError("policy-violation"), true, "waiting", true, true],
    [new StreamError("policy-violation"), false, "waiting", false, true],
    [new StreamError("not-authorized"), true, "waiting", true, false],
    [new StreamError("bad-format"), true, "waiting", true, false],
    [new StreamError("system-shutdown"), true, "waiting", false, false],
    [new StreamError("reset"), true, "waiting", false, false],
    [new StreamError("see-other-host"), true, "waiting", false, true],
    [new StreamError("resource-constraint"), true, "waiting", false, true],
  ])("after %s, in a session: %s", (error, inSession, status, over, late) => {
    expect(fateOf(error, inSession)).toEqual({ status, over, late });
  });
});
