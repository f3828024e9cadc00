import { utf8 } from "./bytes.ts";
import { guarded, TooLarge } from "./errors.ts";
import { Management } from "./management.ts";
import { NS } from "./ns.ts";
import { Requests, type Answer } from "./requests.ts";
import { x, type Element } from "./xml.ts";

type Write = (element: string) => void;

/** What outlives its streams: stanzas with their acknowledgements, questions with their answers, and how large they may be. */
export class Session {
  /** Messages and presences, and nothing else. */
  onStanza: (stanza: Element) => void = () => undefined;
  /** Of the stream after the sign-in; undefined while there is none, or where a resumed one has said nothing new. */
  features: Element | undefined;

  readonly #management = new Management();
  readonly #requests = new Requests((stanza) => this.send(stanza));
  #largest = Infinity;

  /** What to ask for on a new stream; undefined when the session cannot be had again. */
  get resume(): Element | undefined {
    return this.#management.resume;
  }

  /** A new one, as `<bound/>` says; of what was sent in the one before, so much is known to have arrived. */
  begin(write: Write, bound: Element, address: string, handled: string | undefined): void {
    this.end(handled);
    this.#management.begin(write, bound.getChild("enabled", NS.sm));
    this.#requests.own = address;
    this.#requests.proceed();
  }

  /** It goes on, on a new stream. */
  resumed(write: Write, handled: string | undefined): void {
    this.#management.resumed(write, handled);
    this.#requests.proceed();
  }

  /** The stream is gone; what is sent now waits for the next one. */
  suspend(): void {
    this.#management.suspend();
    this.#requests.pause();
    this.features = undefined;
  }

  /** It is over, though its stream may have ended long before. What was not acknowledged is rejected as `Lost`. */
  end(handled?: string): void {
    this.#management.end(handled);
    this.#requests.end();
  }

  send(stanza: Element): Promise<void> {
    stanza.attrs["xmlns"] ??= NS.client;
    const text = stanza.toString();
    const sent = exceeds(text, this.#largest)
      ? Promise.reject(new TooLarge(`more than ${String(this.#largest)} bytes`))
      : this.#management.send(text);
    // For the many that nobody waits for.
    sent.catch(() => undefined);
    return sent;
  }

  request(iq: Element, timeout: number): Promise<Element> {
    return this.#requests.ask(iq, timeout);
  }

  answer(name: string, xmlns: string, handler: Answer): void {
    this.#requests.answer(name, xmlns, handler);
  }

  /** Asks for a sign of life: by an acknowledgement, where there are any, which costs the server least. */
  ask(timeout: number): void {
    if (this.#management.ask()) return;
    this.request(x("iq", { type: "get" }, x("ping", { xmlns: NS.ping })), timeout).catch(() => undefined);
  }

  /** Says how much has come. */
  acknowledge(): void {
    this.#management.answer();
  }

  /**
   * What has come on the stream.
   * @throws ProtocolError when more is acknowledged than was sent.
   */
  take(element: Element): void {
    if (element.is("r", NS.sm)) this.acknowledge();
    else if (element.is("a", NS.sm)) this.#management.acknowledged(element.attrs["h"]);
    else if (element.is("features", NS.stream)) {
      this.features = element;
      this.#largest = largest(element);
    } else if (element.getNS() === NS.client) this.#stanza(element);
  }

  #stanza(element: Element): void {
    guarded(() => {
      if (element.name === "iq") this.#requests.take(element);
      else if (element.name === "message" || element.name === "presence") this.onStanza(element);
    });
    this.#management.count();
  }
}

/** The largest stanza that the server takes, in bytes (XEP-0478 §3). */
function largest(features: Element): number {
  return Number(features.getChild("limits", NS.limits)?.getChildText("max-bytes")) || Infinity;
}

/** Whether a text is of more bytes than that; most are so short that nobody need count. */
const exceeds = (text: string, bytes: number): boolean =>
  text.length * 3 > bytes && utf8(text).length > bytes;
