import { fields } from "../../proto/forms.ts";
import { parse, x, type Element } from "../../xmpp/xml.ts";

interface Entry {
  id: string;
  at: number;
  message: string;
}

/** An archive by script (XEP-0313), in the order in which it was filled. */
export class Archive {
  entries: Entry[] = [];
  /** Queries that were answered. */
  asked = 0;
  /** It cannot be read at the moment: with this answer, or after a time without any. */
  away: boolean | string = false;

  add(id: string, at: number, message: string): void {
    this.entries.push({ id, at, message });
  }

  /** Retention: the oldest go. */
  drop(count: number): void {
    this.entries.splice(0, count);
  }

  /** Undefined: an id of the query is not there. */
  page(query: Element): { results: Element[]; answer: Element } | undefined {
    this.asked++;
    const filter = fields(query);
    const set = query.getChild("set", "http://jabber.org/protocol/rsm")!;
    const [before, after] = [set.getChildText("before"), set.getChildText("after")];
    const max = Number(set.getChildText("max"));
    const time = (name: string) => (filter.has(name) ? Date.parse(filter.get(name)!) : undefined);
    const here = (id: string) => this.entries.findIndex((entry) => entry.id === id);
    for (const id of [before, after]) if (id && here(id) < 0) return undefined;
    const found = this.entries.filter(
      (entry, number) =>
        (!before || number < here(before)) &&
        (!after || number > here(after)) &&
        entry.at >= (time("start") ?? -Infinity) &&
        entry.at <= (time("end") ?? Infinity) &&
        (!filter.has("with") || entry.message.includes(filter.get("with")!)),
    );
    const page = before === null ? found.slice(0, max) : found.slice(Math.max(0, found.length - max));
    const complete = page.length === found.length;
    return {
      results: page.map((entry) => result(query.attrs.queryid ?? "", entry)),
      answer: x(
        "iq",
        {},
        x(
          "fin",
          { xmlns: "urn:xmpp:mam:2", ...(complete && { complete: "true" }) },
          x(
            "set",
            { xmlns: "http://jabber.org/protocol/rsm" },
            page[0] && x("first", {}, page[0].id),
            page[0] && x("last", {}, page.at(-1)!.id),
          ),
        ),
      ),
    };
  }
}

const result = (queryid: string, { id, at, message }: Entry): Element =>
  x(
    "message",
    { xmlns: "jabber:client" },
    x(
      "result",
      { xmlns: "urn:xmpp:mam:2", queryid, id },
      x(
        "forwarded",
        { xmlns: "urn:xmpp:forward:0" },
        x("delay", { xmlns: "urn:xmpp:delay", stamp: new Date(at).toISOString() }),
        parse(message),
      ),
    ),
  );
