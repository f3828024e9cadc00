import { bind, entered, indication } from "./bind.ts";
import { Credentials } from "./credentials.ts";
import { Dialler } from "./dial.ts";
import { guarded, Lost, ProtocolError } from "./errors.ts";
import { fateOf } from "./fate.ts";
import type { Line } from "./line.ts";
import { Liveness } from "./liveness.ts";
import type { Options, ReadyState, Status } from "./options.ts";
import { Pace } from "./pace.ts";
import type { Answer } from "./requests.ts";
import { Session } from "./session.ts";
import { Wake } from "./wake.ts";
import type { Element } from "./xml.ts";

export type { Device, FastToken, Options, ReadyState, Status } from "./options.ts";

/** In milliseconds: for an answer, unless its caller says; for a sign-in, where the server lets those who guess wait. */
const REQUEST = 60_000;
const SIGN_IN = 45_000;
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

  readonly #account: string;
  readonly #tag: string | undefined;
  readonly #credentials: Credentials;
  readonly #dialler: Dialler;
  readonly #session = new Session();
  readonly #pace = new Pace(() => void this.#connect());
  readonly #liveness = new Liveness(
    () => {
      this.#session.ask(REQUEST);
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
  #active = true;

  constructor(options: Options) {
    this.address = this.#account = options.address;
    this.#tag = options.tag;
    this.#credentials = new Credentials(options);
    this.#dialler = options.dialler ?? new Dialler(options.address, options);
    this.#session.onStanza = (stanza) => {
      this.onStanza(stanza);
    };
  }

  /** Of the stream after the sign-in; undefined while there is none, or where a resumed one has said nothing new. */
  get serverFeatures(): Element | undefined {
    return this.#session.features;
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
    this.#session.acknowledge();
    this.#finish("stopped");
    await line?.transport.close();
  }

  /** Stops, and makes the token worthless, at the server too where it can be reached (XEP-0484 §3.6). */
  async signOut(): Promise<void> {
    await this.stop();
    await this.#credentials.forget(this.#dialler);
  }

  /**
   * Whether who is at the screen knows the password; the session goes on.
   * @throws Refused when it is another one; anything else when it could not be found out.
   */
  prove(password: string): Promise<void> {
    return this.#credentials.prove(this.#dialler, password);
  }

  /**
   * Resolves when the server has the stanza; rejects with `Lost` when the session ends before. While the connection is cut
   * and the session may come back, it waits for that. One that is too large for the server is rejected as such, and not sent.
   */
  send(stanza: Element): Promise<void> {
    return this.#session.send(stanza);
  }

  /** The answer, of type `result`. Rejects with a `StanzaError` or `Lost`. The time counts while there is a stream. */
  request(iq: Element, timeout = REQUEST): Promise<Element> {
    return this.#session.request(iq, timeout);
  }

  /**
   * What is answered to requests of others with that payload: the handler's element inside a result, or an empty one; a
   * `StanzaError` that it throws becomes the error. Whether the sender may ask is the handler's business.
   */
  answer(name: string, xmlns: string, handler: Answer): void {
    this.#session.answer(name, xmlns, handler);
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

  async #connect(): Promise<void> {
    const { signal } = (this.#attempt = new AbortController());
    this.#begun = Date.now();
    this.#say("connecting");
    try {
      await this.#dialler.enter(signal, this.#account, async (line, features) => {
        const inline = () => [this.#session.resume, bind(this.#tag, this.#active)];
        const signedIn = this.#credentials.signIn(line, features, inline);
        const success = await line.within(SIGN_IN, signal, signedIn);
        if (!signal.aborted) this.#online(line, success);
      });
    } catch (error) {
      if (!signal.aborted) this.#ended(error instanceof Error ? error : new Lost());
    }
  }

  #online(line: Line, success: Element): void {
    const write = (element: string): void => {
      line.send(element);
    };
    const { resumed, bound, address, handled } = entered(success);
    this.#line = line;
    if (resumed) this.#session.resumed(write, resumed.attrs["h"]);
    else if (bound) {
      this.address = address;
      this.#session.begin(write, bound, address, handled);
    } else throw new ProtocolError("signed in, but no session");
    // XEP-0352 §5: a resumed session begins as active.
    if (resumed && !this.#active) line.send(indication(false));
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

  #take(element: Element): void {
    this.#liveness.heard();
    try {
      this.#session.take(element);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#line?.cut(error);
    }
  }

  #ended(error: Error): void {
    const fate = fateOf(error, this.#line !== undefined);
    this.#line = undefined;
    this.#quiet();
    if (fate.status !== "waiting") {
      this.#finish(fate.status, error);
      return;
    }
    if (fate.over) this.#session.end();
    this.#pace.failed(fate.late);
    this.#say("waiting", error);
  }

  #quiet(): void {
    this.#session.suspend();
    this.#liveness.stop();
  }

  #finish(status: "stopped" | "refused", problem?: Error): void {
    this.#line = undefined;
    this.#attempt.abort();
    this.#wake.stop();
    this.#pace.stop();
    this.#quiet();
    this.#session.end();
    this.#say(status, problem);
  }

  #say(status: Status, problem?: Error): void {
    this.status = status;
    guarded(() => {
      this.onStatus(status, problem);
    });
  }
}
