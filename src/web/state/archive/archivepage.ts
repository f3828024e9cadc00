import { StanzaError } from "../../xmpp/errors.ts";
import { bare } from "../../xmpp/jid.ts";
import type { Page } from "../../proto/mam.ts";
import type { Address } from "../model.ts";
import type { Messages } from "../messages/messages.ts";

/** Keeps what an archive gives that is its own to give: a room's only what was said in it. */
export function takePage(
  messages: Messages,
  self: Address,
  page: Page,
  archive: Address | undefined,
  old = false,
): Promise<void> {
  const own = page.messages.filter(({ message: { attrs } }) => {
    const inRoom = attrs.type === "groupchat";
    return archive === undefined ? !inRoom : inRoom && bare(attrs.from ?? "") === archive;
  });
  return messages.take(
    own.map(({ id, at, message }) => ({
      message,
      archived: { id, at },
      copied: bare(message.attrs.from ?? "") === self,
      old,
    })),
  );
}

/** The message from which was to be read is no longer in the archive (XEP-0313 section 4.3.2): by time it is found again. */
export const hasGone = (error: unknown): boolean =>
  error instanceof StanzaError && error.condition === "item-not-found";
