import { Lost, ProtocolError } from "./errors.ts";
import { NS } from "./ns.ts";
import { GOODBYE, type StreamHeader, type Transport } from "./transport.ts";
import { clone, parse, x, type Element } from "./xml.ts";

/** How long the server may hold a request, in seconds, and how much later than that its answer may come. */
const WAIT = 55;
const SLACK = 10;
/** A request whose answer did not come is sent again, the same, after so many milliseconds (XEP-0124 §14.3). */
const AGAIN = [200, 1_000, 3_000];
/** Characters that go into one request, unless a single stanza is longer. */
const MOST = 8_192;

/**
 * XMPP over HTTP requests that the server holds until it has something to say (XEP-0124, XEP-0206), for where a proxy
 * does not let WebSockets through.
 */
export class BoshTransport implements Transport {
  readonly kind = "bosh";
  onElement: (element: Element) => void = () => undefined;
  onClose: (error?: Error) => void = () => undefined;

  #rid = 1 + Math.floor(Math.random() * 2 ** 48);
  /** The request whose answer is read next: answers may overtake each other. */
  #due = this.#rid;
  #sid: string | undefined;
  #requests = 1;
  #wait = WAIT;
  #outbox: string[] = [];
  #scheduled = false;
  #over = false;
  #terminated: (() => void) | undefined;
  readonly #flights = new Map<number, AbortController>();
  readonly #answers = new Map<number, Element>();

  constructor(private readonly url: string) {}

  get secure(): boolean {
    return this.url.startsWith("https:");
  }

  async open({ to, from, language }: StreamHeader): Promise<void> {
    const rid = this.#rid++;
    const body = x("body", {
      xmlns: NS.httpbind,
      "xmlns:xmpp": NS.xbosh,
      "xmpp:version": "1.0",
      "xml:lang": language,
      ver: "1.11",
      ...{ rid, to, from, wait: WAIT, hold: 1 },
    });
    const answer = await this.#post(rid, body.toString());
    this.#sid = answer.attrs["sid"];
    this.#requests = Number(answer.attrs["requests"] ?? 0);
    this.#wait = Number(answer.attrs["wait"] ?? 0);
    const condition = answer.attrs["condition"] ?? "no session";
    if (!this.#sid) throw new Lost(`BOSH: ${condition}`);
    // Asking again and again would wear out batteries; and no server of ours wants that.
    if (!(this.#requests > 1 && this.#wait > 0))
      throw new ProtocolError("BOSH: the server does not hold requests");
    this.#arrived(rid, answer);
  }

  send(element: string): void {
    this.#outbox.push(element);
    if (this.#scheduled) return;
    this.#scheduled = true;
    // What is said in one breath goes in one request.
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  close(): Promise<void> {
    if (this.#over || this.#sid === undefined) {
      this.abort();
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#terminated?.(), GOODBYE);
      this.#terminated = () => {
        clearTimeout(timer);
        this.abort();
        resolve();
      };
      this.#ask({ type: "terminate" }, this.#outbox.splice(0));
      this.#over = true;
    });
  }

  abort(): void {
    this.#over = true;
    for (const flight of this.#flights.values()) flight.abort();
  }

  // One request waits at the server at all times; another takes what there is to say, and has the server answer the first.
  #pump(): void {
    if (this.#over || this.#sid === undefined) return;
    while (this.#outbox.length > 0 && this.#flights.size < this.#requests) this.#ask({}, this.#batch());
    if (this.#flights.size === 0) this.#ask({}, []);
  }

  #batch(): string[] {
    let size = 0;
    const over = this.#outbox.findIndex((element, i) => (size += element.length) > MOST && i > 0);
    return this.#outbox.splice(0, over < 0 ? this.#outbox.length : over);
  }

  #ask(attributes: Record<string, string>, elements: string[]): void {
    const rid = this.#rid++;
    const tag = x("body", { xmlns: NS.httpbind, sid: this.#sid, rid, ...attributes }).toString();
    const body = elements.length > 0 ? `${tag.slice(0, -2)}>${elements.join("")}</body>` : tag;
    this.#post(rid, body).then(
      (answer) => {
        this.#arrived(rid, answer);
      },
      (error: unknown) => {
        this.#end(error instanceof Error ? error : new Lost());
      },
    );
  }

  #arrived(rid: number, body: Element): void {
    this.#answers.set(rid, body);
    for (let next = this.#answers.get(this.#due); next; next = this.#answers.get(this.#due)) {
      this.#answers.delete(this.#due++);
      this.#read(next);
    }
    this.#pump();
  }

  #read(body: Element): void {
    for (const child of body.getChildElements()) if (!this.#over) this.onElement(clone(child));
    if (body.attrs["type"] !== "terminate") return;
    const condition = body.attrs["condition"];
    this.#end(condition === undefined ? undefined : new Lost(`BOSH: ${condition}`));
  }

  /** The answer to a request, which is sent again where the network fails it. */
  async #post(rid: number, body: string): Promise<Element> {
    const flight = new AbortController();
    this.#flights.set(rid, flight);
    try {
      for (let attempt = 0; ; attempt++) {
        const answer = await this.#once(body, flight.signal);
        // §17.3: the server has lost one, or has been asked by another connection of ours.
        if (answer && answer.attrs["type"] !== "error") return answer;
        const pause = AGAIN[attempt];
        if (pause === undefined || flight.signal.aborted) throw new Lost("BOSH: no answer");
        await new Promise((resolve) => setTimeout(resolve, pause));
        if (flight.signal.aborted) throw new Lost("BOSH: given up");
      }
    } finally {
      this.#flights.delete(rid);
    }
  }

  // Undefined where another attempt may do better.
  async #once(body: string, signal: AbortSignal): Promise<Element | undefined> {
    const own = new AbortController();
    const give = (): void => {
      own.abort();
    };
    const timer = setTimeout(give, (this.#wait + SLACK) * 1_000);
    signal.addEventListener("abort", give);
    if (signal.aborted) give();
    try {
      const headers = { "Content-Type": "text/xml; charset=utf-8" };
      const options = { method: "POST", credentials: "omit", cache: "no-store" } as const;
      const response = await fetch(this.url, { ...options, headers, body, signal: own.signal });
      if (response.status >= 500) return undefined;
      if (!response.ok) throw new Lost(`BOSH: status ${String(response.status)}`);
      return understood(await response.text());
    } catch (error) {
      if (error instanceof Lost || error instanceof ProtocolError) throw error;
      return undefined;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", give);
    }
  }

  #end(error?: Error): void {
    this.#terminated?.();
    if (this.#over) return;
    this.abort();
    this.onClose(error);
  }
}

function understood(text: string): Element {
  try {
    const body = parse(text);
    if (body.is("body", NS.httpbind)) return body;
  } catch (error) {
    throw new ProtocolError("BOSH: not well-formed", { cause: error });
  }
  throw new ProtocolError("BOSH: no body");
}
