import { domain, bare } from "./jid.ts";
import { Lost } from "./errors.ts";
import { Endpoints, type Kind } from "./endpoints.ts";
import { Line } from "./line.ts";
import { NS } from "./ns.ts";
import type { Transport } from "./transport.ts";
import { WebSocketTransport } from "./websocket.ts";
import type { Element } from "./xml.ts";

/** How long a stream may take until it shows its features, in milliseconds. */
const PATIENCE = 10_000;

export interface Dialled {
  line: Line;
  features: Element;
}

/**
 * Opens streams: by WebSocket, and where there is none to be had by BOSH, which is then tried first for as long as this
 * lives.
 */
export class Dialler {
  readonly #endpoints: Endpoints;
  #order: Kind[] = ["websocket", "bosh"];
  #webSocketWorks = false;

  constructor(
    private readonly address: string,
    told: Partial<Record<Kind, string>>,
  ) {
    this.#endpoints = new Endpoints(address, told);
  }

  async dial(signal: AbortSignal): Promise<Dialled> {
    let problem: unknown;
    for (const kind of this.#order) {
      try {
        const dialled = await this.#open(kind, signal);
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

  async #open(kind: Kind, signal: AbortSignal): Promise<Dialled> {
    const transport = await this.#transport(kind);
    const line = new Line(transport);
    const header = { to: domain(this.address), from: bare(this.address), language: language() };
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
