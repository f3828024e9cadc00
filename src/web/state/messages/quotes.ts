import { cut } from "../../i18n/letters.ts";
import type { MessageRow } from "../../store/records.ts";
import type { Work } from "../core/work.ts";

/** What is shown of a message where it is answered: not more than is left of it. */
export function quoteOf(message: MessageRow): Omit<NonNullable<MessageRow["quote"]>, "ref" | "to"> {
  const { id, who, own, kind, retracted, moderated, text, attachment, encrypted } = message;
  const said = { message: id, who, ...(own && { own }), kind };
  if (retracted) return { ...said, text: "", retracted, ...(moderated && { moderated }) };
  const words = cut(text || attachment?.name || "", 300);
  return { ...said, text: words, ...(encrypted && { secret: true }) };
}

/** A message came, was edited or taken back: those that answer it show it as it is now. */
export async function requote(work: Work, message: MessageRow, group: boolean): Promise<void> {
  const ref = group ? message.stanzaId : message.mid;
  if (!ref) return;
  for (const row of await work.quoting(message.chat, ref)) {
    // In a chat of two anybody may give a name that was given before.
    if (!row.quote || (row.quote.message !== undefined && row.quote.message !== message.id)) continue;
    const { to } = row.quote;
    work.put({ ...row, quote: { ref, ...(to !== undefined && { to }), ...quoteOf(message) } });
  }
}
