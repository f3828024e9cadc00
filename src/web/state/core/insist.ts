import { untold } from "../../xmpp/away.ts";
import { Lost, StanzaError } from "../../xmpp/errors.ts";

/** What the box refuses at the moment is asked again, ever later, for as long as it is wanted. */
export async function insist(wanted: () => boolean, act: () => Promise<void>): Promise<void> {
  for (let pause = 1000; wanted(); pause = Math.min(60_000, pause * 2)) {
    try {
      return await act();
    } catch (error) {
      if (error instanceof Lost) return;
      if (!(error instanceof StanzaError)) throw error;
      // Only what is away may come back; the rest goes on without it.
      if (!untold(error)) return;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
