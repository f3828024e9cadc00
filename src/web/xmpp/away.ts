import { StanzaError } from "./errors.ts";

/** Another server was not reached (RFC 6120 sections 8.3.3.16 and 8.3.3.17). */
export const unreached = (error: unknown): boolean =>
  error instanceof StanzaError && error.condition.startsWith("remote-server-");

/** Conditions of who is away for a moment (RFC 6120 section 8.3.3), whatever their type says. */
const PASSING = new Set([
  "remote-server-timeout",
  "resource-constraint",
  "internal-server-error",
  "recipient-unavailable",
]);

/** The same may go better in a while: worth asking again. */
export const passing = (error: unknown): boolean =>
  error instanceof StanzaError && (error.type === "wait" || PASSING.has(error.condition));

/** Nothing was learned of what was asked for: it may be there, or not. */
export const untold = (error: unknown): boolean => unreached(error) || passing(error);
