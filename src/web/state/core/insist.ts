import { Lost, StanzaError } from "../../xmpp/errors.ts";

/** Conditions of a box or a server that is away for a moment (RFC 6120 section 8.3.3). */
const WAITED = new Set([
  "remote-server-timeout",
  "resource-constraint",
  "internal-server-error",
  "recipient-unavailable",
]);

/** Whether it may go better in a while: such a refusal says nothing of what is there. */
export const passing = (error: unknown): boolean =>
  error instanceof StanzaError && (error.type === "wait" || WAITED.has(error.condition));

/** What the box refuses at the moment is asked again, ever later, for as long as it is wanted. */
export async function insist(wanted: () => boolean, act: () => Promise<void>): Promise<void> {
  for (let pause = 1000; wanted(); pause = Math.min(60_000, pause * 2)) {
    try {
      return await act();
    } catch (error) {
      if (error instanceof Lost) return;
      if (!(error instanceof StanzaError)) throw error;
      // Only what is away may come back; the rest goes on without it.
      if (!passing(error)) return;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
