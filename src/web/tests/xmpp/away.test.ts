import { expect, it } from "vitest";
import { passing, unreached, untold } from "../../xmpp/away.ts";
import { Lost, StanzaError } from "../../xmpp/errors.ts";
import { x } from "../../xmpp/xml.ts";

it.each([
  ["remote-server-timeout", "cancel", true, true],
  ["remote-server-timeout", "wait", true, true],
  ["remote-server-not-found", "cancel", true, false],
  ["internal-server-error", "cancel", false, true],
  ["recipient-unavailable", "wait", false, true],
  ["resource-constraint", "cancel", false, true],
  ["service-unavailable", "wait", false, true],
  ["service-unavailable", "cancel", false, false],
  ["item-not-found", "cancel", false, false],
  ["forbidden", "auth", false, false],
])("%s, to %s: not reached %s, may go better in a while %s", (condition, type, away, better) => {
  const error = new StanzaError(condition, type, undefined, x("iq"));
  expect([unreached(error), passing(error), untold(error)]).toEqual([away, better, away || better]);
});

it("asks this of answers alone", () => {
  expect([new Lost(), new TypeError("a bug"), undefined].map(untold)).toEqual([false, false, false]);
});
