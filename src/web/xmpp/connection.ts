import { Dialler } from "./dial.ts";
import { guarded, Lost, ProtocolError, TooLarge } from "./errors.ts";
import { fateOf } from "./fate.ts";
import type { Line } from "./line.ts";
import { Liveness } from "./liveness.ts";
import { Management } from "./management.ts";
import { NS } from "./ns.ts";
import type { FastToken, Options, ReadyState, Status } from "./options.ts";
import { Pace } from "./pace.ts";
import { Requests, type Answer } from "./requests.ts";
import { invalidate, prove, signIn, type SignIn } from "./sasl2.ts";
import { bind, entered, exceeds, indication, largest } from "./session.ts";
import { Wake } from "./wake.ts";
import { x, type Element } from "./xml.ts";

export type { Device, FastToken, Options, ReadyState, Status } from "./options.ts";

/** In milliseconds: for an answer, unless its caller says; for a sign-in, where the server lets those who guess wait. */
const REQUEST = 60_000;
const SIGN_IN = 45_000;
const SIGN_OUT = 5_000;
/** An attempt as old as this is not waited for when there is reason to believe in another. */
const STALE = 3_000;

/**
 * An account's session: signs in, keeps it over cut connections, and gives stanzas in their order. The callbacks are
 * called one at a time, `onReady` before the first stanza of a stream.
 */
export class Connection {
  onStatus: (status: Status, problem?: Error) => void = () => undefined;
  onReady: (ready: ReadyState) => void = () => undefined;
  /** Messages and presences, and nothing else. */
  onStanza: (stanza: Element) => void = () => undefined;

  /** Full once a session is bound. */
  address: string;
  status: Status = "stopped";
  /** Of the stream after the sign-in; undefined while there is none, or where a resumed one has said nothing new. */
  serverFeatures: Element | undefined;

  readonly #options: Options;
  readonly #dialler: Dialler;
  readonly #management = new Management();
  readonly #requests = new Requests((stanza) => this.send(stanza));
  readonly #pace = new Pace(() => void this.#connect());
  readonly #liveness = new Liveness(
    () => {
      if (!this.#management.ask())
        this.request(x("iq", { type: "get" }, x("ping", { xmlns: NS.ping }))).catch(() => undefined);
    },
    () => {
      this.#line?.cut(new Lost("no sign of life"));
    },
  );
  readonly #wake = new Wake(
    () => {
      this.nudge();
    },
    (jumped) => {
      if (jumped) this.nudge();
      else if (this.#line) this.#liveness.check();
    },
  );
  /** Of a session that stands. */
  #line: Line | undefined;
  /** Ends what is under way when the connection is stopped. */
  #attempt = new AbortController();
  #begun = 0;
  #largest = Infinity;
  #active = true;

  constructor(options: Options) {
    this.#options = { ...options };
    this.address = options.address;
    this.#dialler = options.dialler ?? new Dialler(options.address, options);
  }

  start(): void {
    if (this.status !== "stopped" && this.status !== "refused") return;
    this.#wake.start();
    this.#pace.reset();
    void this.#connect();
  }

  /** Closes the stream and the session. What was not acknowledged is rejected as `Lost`. */
  async stop(): Promise<void> {
    const line = this.#line;
    this.#management.answer();
    this.#finish("stopped");
    await line?.transport.close();
  }

  /** Stops, and makes the token worthless, at the server too where it can be reached (XEP-0484 §3.6). */
  async signOut(): Promise<void> {
    await this.stop();
    const { address, device, token } = this.#options;
    this.#keepToken(undefined);
    if (!token) return;
    await this.#dialler
      .apart(SIGN_OUT, address, (line, features) => invalidate(line, features, { address, device, token }))
      .catch(() => {
        // The box cannot be reached, or has forgotten the token already: here it is forgotten anyway.
      });
  }

  /**
   * Whether who is at the screen knows the password; the session goes on.
   * @throws Refused when it is another one; anything else when it could not be found out.
   */
  prove(password: string): Promise<void> {
    const { address } = this.#options;
    return this.#dialler.apart(SIGN_IN, address, (line, features) =>
      prove(line, features, { address, password }),
    );
  }

  /**
   * Resolves when the server has the stanza; rejects with `Lost` when the session ends before. While the connection is cut
   * and the session may come back, it waits for that. One that is too large for the server is rejected as such, and not sent.
   */
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

  /** The answer, of type `result`. Rejects with a `StanzaError` or `Lost`. The time counts while there is a stream. */
  request(iq: Element, timeout = REQUEST): Promise<Element> {
    return this.#requests.ask(iq, timeout);
  }

  /**
   * What is answered to requests of others with that payload: the handler's element inside a result, or an empty one; a
   * `StanzaError` that it throws becomes the error. Whether the sender may ask is the handler's business.
   */
  answer(name: string, xmlns: string, handler: Answer): void {
    this.#requests.answer(name, xmlns, handler);
  }

  /** Whether somebody looks at the screen (XEP-0352). */
  active(on: boolean): void {
    if (this.#active === on) return;
    this.#active = on;
    this.#line?.send(indication(on));
  }

  /** The network is said to be back, or the page woke: whether the connection still stands is seen now. */
  nudge(): void {
    if (this.#line) this.#liveness.doubt();
    // What was begun on another network may hang.
    const stale = this.status === "connecting" && Date.now() - this.#begun >= STALE;
    if (stale) {
      this.#attempt.abort();
      this.#ended(new Lost("begun anew"));
    }
    if (this.status === "waiting") this.#pace.now();
  }

  // ---- a stream begins ----

  async #connect(): Promise<void> {
    const { signal } = (this.#attempt = new AbortController());
    this.#begun = Date.now();
    this.#say("connecting");
    try {
      await this.#dialler.enter(signal, this.#options.address, async (line, features) => {
        const success = await line.within(SIGN_IN, signal, signIn(line, features, this.#credentials));
        if (!signal.aborted) this.#online(line, success);
      });
    } catch (error) {
      if (!signal.aborted) this.#ended(error instanceof Error ? error : new Lost());
    }
  }

  get #credentials(): SignIn {
    const { address, password, token, device, tag } = this.#options;
    return {
      ...{ address, password, token, device },
      saveToken: (next) => {
        this.#keepToken(next);
      },
      inline: () => [this.#management.resume, bind(tag, this.#active)],
    };
  }

  #keepToken(token: FastToken | undefined): void {
    if (token) this.#options.token = token;
    else delete this.#options.token;
    if (token) delete this.#options.password;
    this.#options.saveToken(token);
  }

  #online(line: Line, success: Element): void {
    const write = (element: string): void => {
      line.send(element);
    };
    const { resumed, bound, address, handled } = entered(success);
    this.#line = line;
    if (resumed) this.#management.resumed(write, resumed.attrs["h"]);
    else if (bound) {
      this.#over(handled);
      this.#management.begin(write, bound.getChild("enabled", NS.sm));
      this.address = this.#requests.own = address;
    } else throw new ProtocolError("signed in, but no session");
    // XEP-0352 §5: a resumed session begins as active.
    if (resumed && !this.#active) line.send(indication(false));
    this.#requests.proceed();
    this.#pace.online();
    this.#liveness.heard();
    this.#say("online");
    guarded(() => {
      if (this.#line === line)
        this.onReady({ resumed: resumed !== undefined, address: this.address, ...(bound && { bound }) });
    });
    line.hand(
      (element) => {
        if (this.#line === line) this.#take(element);
      },
      (error) => {
        if (this.#line === line) this.#ended(error);
      },
    );
  }

  // ---- it runs ----

  #take(element: Element): void {
    this.#liveness.heard();
    if (element.is("r", NS.sm)) this.#management.answer();
    else if (element.is("a", NS.sm)) this.#acknowledged(element);
    else if (element.is("features", NS.stream)) {
      this.serverFeatures = element;
      this.#largest = largest(element);
    } else if (element.getNS() === NS.client) this.#stanza(element);
  }

  #acknowledged(element: Element): void {
    try {
      this.#management.acknowledged(element.attrs["h"]);
    } catch (error) {
      this.#line?.cut(error as Error);
    }
  }

  #stanza(element: Element): void {
    guarded(() => {
      if (element.name === "iq") this.#requests.take(element);
      else if (element.name === "message" || element.name === "presence") this.onStanza(element);
    });
    this.#management.count();
  }

  // ---- it ends ----

  #ended(error: Error): void {
    const fate = fateOf(error, this.#line !== undefined);
    this.#line = undefined;
    this.#quiet();
    if (fate.status !== "waiting") {
      this.#finish(fate.status, error);
      return;
    }
    if (fate.over) this.#over();
    this.#pace.failed(fate.late);
    this.#say("waiting", error);
  }

  #quiet(): void {
    this.#management.suspend();
    this.#requests.pause();
    this.#liveness.stop();
    this.serverFeatures = undefined;
  }

  /** The session, whose stream may have ended long before. */
  #over(handled?: string): void {
    this.#management.end(handled);
    this.#requests.end();
  }

  #finish(status: "stopped" | "refused", problem?: Error): void {
    this.#line = undefined;
    this.#attempt.abort();
    this.#wake.stop();
    this.#pace.stop();
    this.#quiet();
    this.#over();
    this.#say(status, problem);
  }

  #say(status: Status, problem?: Error): void {
    this.status = status;
    guarded(() => {
      this.onStatus(status, problem);
    });
  }
}
