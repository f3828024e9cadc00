import type { Decrypted } from "../../omemo/index.ts";
import { clone, x, type Element } from "../../xmpp/xml.ts";
import { N } from "../../proto/ns.ts";
import { payload as read, type Payload } from "../../proto/said.ts";
import { frame, payload, type Content } from "../../proto/say.ts";
import type { ChatRow } from "../../store/records.ts";
import type { Opened } from "../messages/letter.ts";

/** What stands beside the older envelope, which carries a body alone: which message it speaks of, never what it says. */
const BESIDE = new Set<string>([N.reply, N.correct, N.fallback]);

const isBeside = (element: Element): boolean => BESIDE.has(element.getNS() ?? "");

/** What is said, as it is encrypted: the older envelope takes the body, the newer one all of it. */
export function contents(content: Content): { body: string; elements: Element[] } {
  const said = payload(content);
  return {
    body: said.find((one) => one.is("body"))?.getText() ?? "",
    elements: said.filter((one) => !one.is("body")),
  };
}

/** The stanza around an envelope. */
export function enveloped(
  { id: to, kind }: ChatRow,
  content: Content,
  id: string,
  sealed: readonly Element[],
): Element {
  const message = frame(content, { to, group: kind === "group", id });
  for (const one of contents(content).elements) if (isBeside(one)) message.append(one);
  // The frame says already that it is to be kept.
  for (const one of sealed) if (!one.is("store")) message.append(one);
  message.append(x("body", {}, "This message is encrypted with OMEMO, which this app does not read."));
  return message;
}

/** What was in the envelope of a message. */
export function opened(result: Decrypted, message: Element): Opened {
  if (result.kind === "empty") return { kind: "nothing" };
  return {
    kind: "payload",
    payload: result.content ? read(result.content) : beside(message, result.plaintext ?? ""),
    device: result.device,
  };
}

/** The older envelope's body, with what stands beside it. */
function beside(message: Element, body: string): Payload {
  const around = message.getChildElements().filter(isBeside);
  return read(x("message", {}, ...around.map(clone), x("body", {}, body)));
}
