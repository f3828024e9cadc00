import { randomId } from "./bytes.ts";
import { Unreadable } from "./unreadable.ts";
import { Element, parse, x } from "./xml.ts";

const namespace = "urn:xmpp:sce:1";

/** Who says what where, as it is inside of the encryption (XEP-0420 §3). */
export interface Affixes {
  /** Bare address. */
  readonly from: string;
  /** Bare address of a person or a room. */
  readonly to: string;
  readonly at: Date;
}

/** The least length of an envelope, and how much more there may be at random (XEP-0420 §3, rpad). */
const least = 256;
const more = 200;
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const padding = (length: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => letters[byte % 64]).join("");

/** The envelope of a message's content as text, padded so that its length tells little. */
export function buildSce(content: readonly Element[], { from, to, at }: Affixes): string {
  const wrapped = x("content");
  // Only written, never walked up: what is said stays where its owner has it.
  wrapped.children.push(...content);
  const rpad = x("rpad");
  const envelope = x(
    "envelope",
    { xmlns: namespace },
    wrapped,
    rpad,
    x("from", { jid: from }),
    x("to", { jid: to }),
    x("time", { stamp: at.toISOString() }),
  );
  const bare = envelope.toString().length;
  rpad.append(padding(Math.max(0, least - bare) + randomId(more)));
  return envelope.toString();
}

/** What only servers process, and what therefore must not come from inside (XEP-0420 §6). */
const outside = new Set([
  "urn:xmpp:hints",
  "urn:xmpp:sid:0#stanza-id",
  "http://jabber.org/protocol/address",
  "urn:xmpp:eme:0",
  "urn:xmpp:delay",
  "urn:xmpp:occupant-id:0",
]);

export interface Opened {
  /** `<content/>` without what must not come from inside. */
  readonly content: Element;
  /** When its sender says to have made it. */
  readonly at?: Date;
}

/**
 * Reads an envelope. Throws `Unreadable`: `forged` when it is of another sender or for another place than the stanza
 * says (`to` may be absent outside of groups), `broken` when it is none.
 */
export function parseSce(
  text: string,
  stanza: { from: string; to?: string | undefined; group: boolean },
): Opened {
  const envelope = parsed(text);
  const content = envelope?.is("envelope", namespace) ? envelope.getChild("content", namespace) : undefined;
  if (!envelope || !content) throw new Unreadable("broken", "no envelope");
  const jid = (name: string): string | undefined => envelope.getChild(name, namespace)?.attrs["jid"];
  const [from, to] = [jid("from"), jid("to")];
  if (from !== undefined && !same(from, stanza.from)) throw new Unreadable("forged", `it is from ${from}`);
  if (stanza.group && to === undefined)
    throw new Unreadable("forged", "it does not say for which group it is");
  if (to !== undefined && stanza.to !== undefined && !same(to, stanza.to))
    throw new Unreadable("forged", `it is for ${to}`);

  for (const child of content.getChildElements()) {
    const space = child.getNS() ?? "";
    if (outside.has(space) || outside.has(`${space}#${child.getName()}`)) content.remove(child);
  }
  const at = new Date(envelope.getChild("time", namespace)?.attrs["stamp"] ?? Number.NaN);
  return { content, ...(Number.isNaN(at.getTime()) ? {} : { at }) };
}

/** Whether two addresses are of one account; some apps write them as people typed them. */
export const same = (a: string, b: string): boolean => bare(a) === bare(b);

const bare = (jid: string): string => jid.split("/", 1)[0]!.toLowerCase();

/** Other people's XML: the parser throws plain errors at what is none. */
function parsed(text: string): Element | undefined {
  try {
    const element: unknown = parse(text);
    return element instanceof Element ? element : undefined;
  } catch {
    return undefined;
  }
}
