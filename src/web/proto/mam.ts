import { x, type Element } from "../xmpp/xml.ts";
import type { Asker } from "./asker.ts";
import { form } from "./forms.ts";
import { N } from "./ns.ts";

export interface Archived {
  id: string;
  /** When the archive got it. */
  at: number;
  message: Element;
}

export interface Page {
  /** Oldest first. */
  messages: Archived[];
  /** Nothing is left in the direction that was read. */
  complete: boolean;
  first?: string;
  last?: string;
}

export interface Query {
  /** A room; else one's own archive. */
  archive?: string;
  with?: string;
  before?: string;
  after?: string;
  /** Nothing older, or newer, than this (milliseconds). With `start` and no `after` it is read from there on. */
  start?: number;
  end?: number;
  max: number;
}

/** Collects the results of archive queries that run; a result which nobody asked for is dropped (XEP-0313 section 4.2). */
export class Archives {
  private readonly running = new Map<string, { from: string; messages: Archived[] }>();
  private number = 0;

  constructor(private readonly stream: Asker) {}

  /** Takes a message that is a query's result. */
  take(message: Element): boolean {
    const result = message.getChild("result", N.mam);
    if (!result) return false;
    const query = this.running.get(result.attrs.queryid ?? "");
    if (query && (message.attrs.from ?? query.from) === query.from) {
      const forwarded = result.getChild("forwarded", N.forward);
      const inner = forwarded?.getChild("message");
      const stamp = Date.parse(forwarded?.getChild("delay", N.delay)?.attrs.stamp ?? "");
      if (inner && result.attrs.id)
        query.messages.push({ id: result.attrs.id, at: stamp || Date.now(), message: inner });
    }
    return true;
  }

  /** One page. Without `before` and `after` the newest; with `before` the page that ends there. */
  async page(query: Query): Promise<Page> {
    const own = this.stream.address.split("/")[0]!;
    const id = `q${++this.number}`;
    const held = { from: query.archive ?? own, messages: [] as Archived[] };
    this.running.set(id, held);
    try {
      const forwards = query.after !== undefined || query.start !== undefined;
      const set = x(
        "set",
        { xmlns: N.rsm },
        x("max", {}, String(query.max)),
        forwards
          ? query.after !== undefined && x("after", {}, query.after)
          : x("before", {}, query.before ?? ""),
      );
      const iq = x(
        "iq",
        { type: "set", to: query.archive },
        x(
          "query",
          { xmlns: N.mam, queryid: id },
          form(N.mam, { with: query.with, start: stamp(query.start), end: stamp(query.end) }),
          set,
        ),
      );
      const fin = (await this.stream.request(iq)).getChild("fin", N.mam);
      const rsm = fin?.getChild("set", N.rsm);
      const first = rsm?.getChildText("first") ?? undefined;
      const last = rsm?.getChildText("last") ?? undefined;
      return {
        messages: held.messages,
        complete: fin?.attrs.complete === "true",
        ...(first !== undefined && { first }),
        ...(last !== undefined && { last }),
      };
    } finally {
      this.running.delete(id);
    }
  }
}

const stamp = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();
