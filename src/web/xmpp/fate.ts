import { ProtocolError, Refused, StreamError } from "./errors.ts";
import type { Status } from "./options.ts";

/** What becomes of the connection after an error. */
export interface Fate {
  status: Extract<Status, "waiting" | "refused" | "stopped">;
  /** The session is not asked for again: what we sent in it may be what the server did not like. */
  over: boolean;
  /** The next attempt may take its time. */
  late: boolean;
}

/** Of the conditions of RFC 6120 §4.9.3 those that say nothing of the session. */
const PASSING = [
  "system-shutdown",
  "reset",
  "connection-timeout",
  "remote-connection-failed",
  "internal-server-error",
  "resource-constraint",
  "see-other-host",
];
const CROWDED = ["policy-violation", "resource-constraint", "see-other-host"];

/** @param inSession Whether a session stood; what goes wrong before says nothing of the one that waits to be resumed. */
export function fateOf(error: Error, inSession: boolean): Fate {
  if (error instanceof Refused) return { status: "refused", over: true, late: false };
  if (error instanceof ProtocolError) return { status: "waiting", over: inSession, late: true };
  if (!(error instanceof StreamError)) return { status: "waiting", over: false, late: false };
  // Another client has this one's place. Taking it back would begin a game without an end: a person decides.
  if (error.condition === "conflict") return { status: "stopped", over: true, late: false };
  return {
    status: "waiting",
    over: inSession && !PASSING.includes(error.condition),
    late: CROWDED.includes(error.condition),
  };
}
