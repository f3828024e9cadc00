import { expect, it } from "vitest";
import { inWords, problem } from "../../../state/core/refusals.ts";
import { StanzaError } from "../../../xmpp/errors.ts";
import { x } from "../../../xmpp/xml.ts";

const refused = (condition: string) => new StanzaError(condition, "auth", undefined, x("iq", {}));
const said = (condition: string, own?: Record<string, string>) =>
  inWords(Promise.reject(refused(condition)), own).catch((error: Error) => error.message);

it("a refusal is told by what was asked for", async () => {
  expect(problem(refused("forbidden"))).toBe("They do not accept messages from you.");
  expect(await said("forbidden")).toBe("You may not do that.");
  expect(await said("not-acceptable")).toBe("That did not work. Try again.");
  expect(await said("not-acceptable", { "not-acceptable": "Take a longer one." })).toBe("Take a longer one.");
  expect(await said("remote-server-timeout")).toBe("Their server cannot be reached.");
});

it("a fault of our own stays one", async () => {
  const fault = new TypeError("not a function");
  await expect(inWords(Promise.reject(fault))).rejects.toBe(fault);
});
