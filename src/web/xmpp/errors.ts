import { NS } from "./ns.ts";
import { x, type Element } from "./xml.ts";

/** The answer to a request was an error (RFC 6120 §8.3), or there was none in time (`remote-server-timeout`). */
export class StanzaError extends Error {
  override name = "StanzaError";

  constructor(
    readonly condition: string,
    readonly type: string,
    readonly text: string | undefined,
    /** The stanza that said so; for a time that ran out the request itself. */
    readonly element: Element,
  ) {
    super(text ? `${condition}: ${text}` : condition);
  }
}

/** The session ended before an acknowledgement: what was sent may have arrived, or not. */
export class Lost extends Error {
  override name = "Lost";

  constructor(message = "the session ended before an acknowledgement") {
    super(message);
  }
}

/** A stanza that the server would end the stream for, and so has not been sent (XEP-0478). */
export class TooLarge extends Error {
  override name = "TooLarge";
}

/** The server does not let this account in: the condition is that of SASL (RFC 6120 §6.5). */
export class Refused extends Error {
  override name = "Refused";

  constructor(
    readonly condition: string,
    readonly text?: string,
  ) {
    super(text ? `${condition}: ${text}` : condition);
  }
}

/** The server ended the stream with an error (RFC 6120 §4.9). */
export class StreamError extends Error {
  override name = "StreamError";

  constructor(
    readonly condition: string,
    readonly text?: string,
  ) {
    super(text ? `${condition}: ${text}` : condition);
  }
}

/** The server, or whoever plays it, did not keep to the protocol. */
export class ProtocolError extends Error {
  override name = "ProtocolError";
}

export function stanzaError(stanza: Element): StanzaError {
  const error = stanza.getChild("error");
  const text = error?.getChildText("text", NS.stanzaErrors) ?? undefined;
  return new StanzaError(
    conditionOf(error, NS.stanzaErrors) ?? "undefined-condition",
    error?.attrs["type"] ?? "cancel",
    text,
    stanza,
  );
}

/** An error to answer a request with. */
export function errorAnswer(condition: string, type: string, text?: string): Element {
  return x(
    "error",
    { type },
    x(condition, { xmlns: NS.stanzaErrors }),
    text ? x("text", { xmlns: NS.stanzaErrors }, text) : undefined,
  );
}

export function streamError(element: Element): StreamError {
  return new StreamError(
    conditionOf(element, NS.streamErrors) ?? "undefined-condition",
    element.getChildText("text", NS.streamErrors) ?? undefined,
  );
}

/** The child that names a condition of that namespace. */
export function conditionOf(element: Element | undefined, xmlns: string): string | undefined {
  const child = element?.getChildElements().find((one) => one.getNS() === xmlns && one.getName() !== "text");
  return child?.getName();
}

/** A bug in what is called back shows, but the stream does not suffer by it. */
export function guarded(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
