import { bare, domain } from "./jid.ts";
import { Lost } from "./errors.ts";
import { Endpoints, type Kind } from "./endpoints.ts";
import { Line } from "./line.ts";
import { NS } from "./ns.ts";
import type { Transport } from "./transport.ts";
import { WebSocketTransport } from "./websocket.ts";
import type { Element } from "./xml.ts";

/** How long a stream may take until it shows its features, in milliseconds. */
const PATIENCE = 10_000;

/**
 * A stream that was opened ahead is taken while it is so young, in milliseconds: a server gives up on who does not sign in
 * (a Kith after thirty seconds), and what is old may have died unnoticed.
 */
const FRESH = 15_000;

export interface Dialled {
  line: Line;
  features: Element;
  /** Opened before it was asked for: it may have died since. */
  early?: true;
}

type Act = (line: Line, features: Element) => Promise<void>;

/** A stream that is being opened before it is known who signs in. */
interface Ahead {
  since: number;
  stop: AbortController;
  dialled: Promise<Dialled | undefined>;
}

/**
 * Opens streams: by WebSocket, and where there is none to be had by BOSH, which is then tried first for as long as this
 * lives.
 */
export class Dialler {
  readonly #endpoints: Endpoints;
  #order: Kind[] = ["websocket", "bosh"];
  #webSocketWorks = false;
  #ahead: Ahead | undefined;

  /** @param address of who signs in, or the domain alone. */
  constructor(
    private readonly address: string,
    told: Partial<Record<Kind, string>>,
  ) {
    this.#endpoints = new Endpoints(address, told);
  }

  get domain(): string {
    return domain(this.address);
  }

  /** Somebody is about to sign in: the stream is opened for whoever it is. */
  ahead(): void {
    if (this.#ahead && this.#isFresh(this.#ahead)) return;
    this.drop();
    const stop = new AbortController();
    const dialled = this.#dial(stop.signal, undefined).catch(() => undefined);
    this.#ahead = { since: Date.now(), stop, dialled };
  }

  /** What was opened ahead is not needed. */
  drop(): void {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    ahead?.stop.abort();
    void ahead?.dialled.then((dialled) => dialled?.line.cut(new Lost("not needed")));
  }

  /** @param from the bare address of who signs in. */
  async dial(signal: AbortSignal, from?: string): Promise<Dialled> {
    return (await this.#opened(signal)) ?? this.#dial(signal, from);
  }

  /** A stream for a session, which the act begins; one that was opened ahead and died just then is replaced. */
  async enter(signal: AbortSignal, address: string, act: Act): Promise<void> {
    for (;;) {
      const { line, features, early } = await this.dial(signal, bare(address));
      try {
        await act(line, features);
        return;
      } catch (error) {
        const died = early && line.ended && error instanceof Lost && !signal.aborted;
        line.cut(new Lost());
        if (!died) throw error;
      }
    }
  }

  /** A stream that begins no session: closed after the act, which has so many milliseconds. */
  async apart(patience: number, address: string, act: Act): Promise<void> {
    const signal = AbortSignal.timeout(patience);
    const { line, features } = await this.dial(signal, bare(address));
    try {
      await line.within(patience, signal, act(line, features));
    } finally {
      await line.transport.close();
    }
  }

  /** What was opened ahead, once, where it still stands. */
  async #opened(signal: AbortSignal): Promise<Dialled | undefined> {
    const ahead = this.#ahead;
    if (!ahead || !this.#isFresh(ahead)) return void this.drop();
    this.#ahead = undefined;
    const stop = (): void => {
      ahead.stop.abort();
    };
    signal.addEventListener("abort", stop);
    const dialled = await ahead.dialled;
    signal.removeEventListener("abort", stop);
    return dialled?.line.ended === false ? { ...dialled, early: true } : undefined;
  }

  #isFresh = ({ since }: Ahead): boolean => Date.now() - since < FRESH;

  async #dial(signal: AbortSignal, from: string | undefined): Promise<Dialled> {
    let problem: unknown;
    for (const kind of this.#order) {
      try {
        const dialled = await this.#open(kind, signal, from);
        this.#worked(kind);
        return dialled;
      } catch (error) {
        if (signal.aborted) throw error;
        problem ??= error;
      }
    }
    throw problem;
  }

  // A WebSocket that has worked once is not given up for one bad moment, such as a box that starts anew.
  #worked(kind: Kind): void {
    this.#webSocketWorks ||= kind === "websocket";
    this.#order = this.#webSocketWorks ? ["websocket", "bosh"] : ["bosh", "websocket"];
  }

  async #open(kind: Kind, signal: AbortSignal, from: string | undefined): Promise<Dialled> {
    const transport = await this.#transport(kind);
    const line = new Line(transport);
    const header = { to: this.domain, from, language: language() };
    try {
      await line.within(PATIENCE, signal, transport.open(header));
      return { line, features: await line.within(PATIENCE, signal, features(line)) };
    } catch (error) {
      line.cut(new Lost("given up"));
      throw error;
    }
  }

  async #transport(kind: Kind): Promise<Transport> {
    const url = await this.#endpoints.find(kind);
    if (kind === "websocket") return new WebSocketTransport(url);
    const { BoshTransport } = await import("./bosh.ts");
    return new BoshTransport(url);
  }
}

async function features(line: Line): Promise<Element> {
  const element = await line.next();
  if (!element.is("features", NS.stream)) throw new Lost(`${element.name} where features should be`);
  return element;
}

const language = (): string => globalThis.navigator?.language || "en";
