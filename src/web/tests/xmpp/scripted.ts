import { createHmac } from "node:crypto";
import { NS } from "../../xmpp/ns.ts";
import { parse, x, type Element } from "../../xmpp/xml.ts";

export const ADDRESS = "anna@kith.example";
export const TOKEN = { mechanism: "HT-SHA-256-NONE", token: "secret", expires: 0 };

const hmac = (side: string): string => createHmac("sha256", TOKEN.token).update(side).digest("base64");

/** What the other side of a WebSocket is, for the client that opens it. */
class Wire {
  onopen: () => void = () => undefined;
  onmessage: (event: { data: string }) => void = () => undefined;
  onclose: (event: { code: number }) => void = () => undefined;
  readyState = 0;

  constructor(private readonly server: ScriptedServer) {
    server.wires.push(this);
    queueMicrotask(() => {
      if (!server.reachable) this.cut();
      else {
        this.readyState = 1;
        this.onopen();
      }
    });
  }

  send(data: string): void {
    if (this.readyState === 1 && this.server.passes())
      queueMicrotask(() => {
        this.server.take(this, data);
      });
  }

  /** To the client. */
  say(element: Element | string): void {
    if (this.readyState !== 1 || !this.server.passes()) return;
    const data = element.toString();
    queueMicrotask(() => {
      if (this.readyState === 1) this.onmessage({ data });
    });
  }

  close(): void {
    this.cut();
  }

  cut(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    queueMicrotask(() => {
      this.onclose({ code: 1006 });
    });
  }
}

/** One session as a server has it. */
interface Session {
  id: string;
  wire: Wire;
  inbound: number;
  acknowledged: number;
  queue: string[];
}

/** A server that does as it is told, at the other end of every WebSocket. */
export class ScriptedServer {
  readonly wires: Wire[] = [];
  /** Stanzas of the client, each as often as it was counted. */
  readonly received: Element[] = [];
  /** Everything else of the client since the beginning. */
  readonly nonzas: Element[] = [];
  readonly sessions: Session[] = [];
  reachable = true;
  /** Answers acknowledgement requests. */
  attentive = true;
  forgetful = false;
  resumable = true;
  refuses: string | undefined;
  /** What is said on the wire until it is cut in the middle of an element; the element is lost. */
  cutAfter = Infinity;
  elements = 0;
  onStanza: (stanza: Element) => void = () => undefined;
  #before = globalThis.WebSocket;

  install(): void {
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const server = this;
    globalThis.WebSocket = class extends Wire {
      static readonly OPEN = 1;
      constructor() {
        super(server);
      }
    } as unknown as typeof WebSocket;
  }

  uninstall(): void {
    globalThis.WebSocket = this.#before;
  }

  get session(): Session {
    return this.sessions.at(-1)!;
  }

  /** A stanza to the client, with a question for its acknowledgement. */
  say(stanza: Element): void {
    stanza.attrs["xmlns"] = NS.client;
    const { queue, wire } = this.session;
    queue.push(stanza.toString());
    wire.say(stanza);
    wire.say(x("r", { xmlns: NS.sm }));
  }

  cut(): void {
    this.wires.at(-1)!.cut();
  }

  streamError(condition: string): void {
    const error = x("stream:error", { "xmlns:stream": NS.stream }, x(condition, { xmlns: NS.streamErrors }));
    this.session.wire.say(error);
  }

  passes(): boolean {
    if (++this.elements !== this.cutAfter) return true;
    this.cut();
    return false;
  }

  take(wire: Wire, data: string): void {
    if (wire.readyState !== 1) return;
    const element = parse(data);
    if (element.is("open", NS.framing)) this.#open(wire);
    else if (element.is("close", NS.framing)) wire.say(x("close", { xmlns: NS.framing }));
    else if (element.is("authenticate", NS.sasl2)) this.#authenticate(wire, element);
    else if (element.is("r", NS.sm)) {
      if (this.attentive) wire.say(x("a", { xmlns: NS.sm, h: this.session.inbound }));
    } else if (element.is("a", NS.sm)) this.#acknowledged(Number(element.attrs["h"]));
    else if (element.getNS() === NS.client) {
      this.session.inbound++;
      this.received.push(element);
      this.onStanza(element);
    } else this.nonzas.push(element);
  }

  #open(wire: Wire): void {
    wire.say(x("open", { xmlns: NS.framing, from: "kith.example", id: "1", version: "1.0" }));
    wire.say(
      x(
        "stream:features",
        { "xmlns:stream": NS.stream },
        x(
          "authentication",
          { xmlns: NS.sasl2 },
          x("mechanism", {}, "SCRAM-SHA-256"),
          x("inline", {}, x("fast", { xmlns: NS.fast }, x("mechanism", {}, TOKEN.mechanism))),
        ),
      ),
    );
  }

  #authenticate(wire: Wire, element: Element): void {
    const [user, proof] = Buffer.from(element.getChildText("initial-response")!, "base64")
      .toString("latin1")
      .split("\0");
    const good = user === "anna" && Buffer.from(proof!, "latin1").toString("base64") === hmac("Initiator");
    const condition = this.refuses ?? (good ? undefined : "not-authorized");
    if (condition !== undefined) {
      wire.say(x("failure", { xmlns: NS.sasl2 }, x(condition, { xmlns: NS.sasl })));
      return;
    }
    const resume = element.getChild("resume", NS.sm);
    const known = this.sessions.find((session) => session.id === resume?.attrs["previd"] && !this.forgetful);
    wire.say(
      x(
        "success",
        { xmlns: NS.sasl2 },
        x("additional-data", {}, hmac("Responder")),
        x("authorization-identifier", {}, `${ADDRESS}/here`),
        ...(known ? this.#resume(known, wire, Number(resume!.attrs["h"])) : this.#bind(wire, resume)),
      ),
    );
    if (!known) return;
    for (const stanza of known.queue) wire.say(stanza);
    wire.say(x("r", { xmlns: NS.sm }));
  }

  #resume(session: Session, wire: Wire, handled: number): Element[] {
    session.wire = wire;
    this.#acknowledged(handled);
    return [x("resumed", { xmlns: NS.sm, previd: session.id, h: session.inbound })];
  }

  #bind(wire: Wire, resume: Element | undefined): Element[] {
    const before = this.sessions.at(-1);
    const failed = resume && x("failed", { xmlns: NS.sm, h: before?.inbound });
    const id = `session ${String(this.sessions.length)}`;
    this.sessions.push({ id, wire, inbound: 0, acknowledged: 0, queue: [] });
    const enabled = x("enabled", { xmlns: NS.sm, id, resume: this.resumable ? "true" : undefined });
    return [...(failed ? [failed] : []), x("bound", { xmlns: NS.bind2 }, enabled)];
  }

  #acknowledged(handled: number): void {
    const { session } = this;
    session.queue.splice(0, handled - session.acknowledged);
    session.acknowledged = handled;
  }
}
