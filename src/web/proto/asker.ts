import type { Element } from "../xmpp/xml.ts";

/** What a specification needs of the stream: to ask, and to say. */
export interface Asker {
  /** Full address of this session. */
  readonly address: string;
  /** Resolves with the result; rejects with a `StanzaError`, or `Lost`. */
  request(iq: Element): Promise<Element>;
  /** Resolves when the server acknowledged it. */
  send(stanza: Element): Promise<void>;
}
