import { equal } from "./bytes.ts";
import { decrypt, type Opened, type Session } from "./session.ts";
import type { KeyExchange, Sealed } from "./suite.ts";
import { Unreadable } from "./unreadable.ts";

/** How many earlier sessions with a device are kept for what is still under way in them. */
export const maxArchived = 8;
/** How many beginnings are remembered beyond their sessions, so that none is begun again by who repeats it. */
const maxSeen = 64;

/** All sessions with one device in one version, a plain value that never changes. The newest is written in. */
export interface Sessions {
  readonly current?: Session;
  /** Latest first. */
  readonly archived: readonly Session[];
  /** What the other side began, latest first. */
  readonly seen: readonly Uint8Array[];
  /** When a broken one was last replaced, ms since 1970. */
  readonly repairedAt?: number;
}

export const noSessions: Sessions = { archived: [], seen: [] };

/** Makes a session the one to write in, be it new or an earlier one; what was so before stays readable. */
export function promote(sessions: Sessions, session: Session): Sessions {
  const others = [...(sessions.current ? [sessions.current] : []), ...sessions.archived].filter(
    (other) => !equal(other.base, session.base),
  );
  const known = session.initiator || sessions.seen.some((base) => equal(base, session.base));
  return {
    ...sessions,
    current: session,
    archived: others.slice(0, maxArchived),
    seen: known ? sessions.seen : [session.base, ...sessions.seen].slice(0, maxSeen),
  };
}

const all = ({ current, archived }: Sessions): readonly Session[] =>
  current ? [current, ...archived] : archived;

/** The session that an exchange began, if we hold it. Throws `Unreadable` when we held it once. */
export function begunBy(sessions: Sessions, exchange: KeyExchange): Session | undefined {
  const session = all(sessions).find(
    ({ base, initiator, remote }) =>
      !initiator && equal(base, exchange.base) && equal(remote, exchange.identity),
  );
  if (!session && sessions.seen.some((base) => equal(base, exchange.base)))
    throw new Unreadable("duplicate", "a session that has ended");
  return session;
}

/** Reads a message in whichever session it is of; that one is then written in. Throws `Unreadable`. */
export function decryptAny(sessions: Sessions, message: Sealed): Opened & { sessions: Sessions } {
  let failure = new Unreadable("broken", "no session", "begin");
  for (const session of all(sessions)) {
    try {
      const opened = decrypt(session, message);
      return { ...opened, sessions: promote(sessions, opened.session) };
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      if (failure.cure === "begin" || error.reason === "duplicate") failure = error;
    }
  }
  throw failure;
}
