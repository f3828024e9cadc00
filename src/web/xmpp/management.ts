import { Lost, ProtocolError } from "./errors.ts";
import { NS } from "./ns.ts";
import { x, type Element } from "./xml.ts";

interface Sent {
  stanza: string;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** An acknowledgement is asked for after so many stanzas, or after a pause. */
const MANY = 5;
const PAUSE = 200;

/**
 * XEP-0198 for one session and the streams that carry it: counts, keeps what is not acknowledged, and sends it again, in
 * order, on the stream that resumes the session.
 */
export class Management {
  #write: ((element: string) => void) | undefined;
  #enabled = false;
  #id: string | undefined;
  #received = 0;
  #acknowledged = 0;
  #queue: Sent[] = [];
  #unasked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** What to ask for on a new stream; undefined when the session cannot be had again. */
  get resume(): Element | undefined {
    if (this.#id === undefined) return undefined;
    return x("resume", { xmlns: NS.sm, previd: this.#id, h: this.#received });
  }

  /** A new session on a new stream. What was not acknowledged in the one before is lost. */
  begin(write: (element: string) => void, enabled: Element | undefined): void {
    this.end();
    this.#write = write;
    this.#enabled = enabled !== undefined;
    const resumable = ["true", "1"].includes(enabled?.attrs["resume"] ?? "");
    this.#id = resumable ? enabled?.attrs["id"] : undefined;
  }

  /** The session goes on, on a new stream. */
  resumed(write: (element: string) => void, handled: string | undefined): void {
    this.acknowledged(handled);
    this.#write = write;
    for (const { stanza } of this.#queue) write(stanza);
    if (this.#queue.length > 0) this.ask();
  }

  /** The stream is gone; what is sent now waits for the next one. */
  suspend(): void {
    this.#write = undefined;
    this.#quiet();
  }

  /** The session is over; the server may have said how much of it has arrived (`<failed h='…'/>`). */
  end(handled?: string): void {
    this.#take(handled);
    const lost = this.#queue.splice(0);
    this.#write = this.#id = undefined;
    this.#received = this.#acknowledged = 0;
    this.#quiet();
    for (const { reject } of lost) reject(new Lost());
  }

  /** Resolves when the server has it. */
  send(stanza: string): Promise<void> {
    if (!this.#write && this.#id === undefined) return Promise.reject(new Lost("there is no session"));
    this.#write?.(stanza);
    if (!this.#enabled) return Promise.resolve();
    if (this.#write) this.#askSoon();
    return new Promise((resolve, reject) => this.#queue.push({ stanza, resolve, reject }));
  }

  /** A stanza has come and has been dealt with. */
  count(): void {
    this.#received = (this.#received + 1) >>> 0;
  }

  answer(): void {
    if (this.#enabled) this.#write?.(x("a", { xmlns: NS.sm, h: this.#received }).toString());
  }

  /** Asks how much has arrived. False when this stream has no acknowledgements. */
  ask(): boolean {
    this.#quiet();
    if (this.#enabled) this.#write?.(x("r", { xmlns: NS.sm }).toString());
    return this.#enabled;
  }

  /** @throws ProtocolError when more is acknowledged than was sent (§4). */
  acknowledged(handled: string | undefined): void {
    if (!this.#take(handled)) throw new ProtocolError(`acknowledged up to ${String(handled)}`);
  }

  #take(handled: string | undefined): boolean {
    const count = (Number(handled) - this.#acknowledged) >>> 0;
    if (!/^[0-9]{1,10}$/.test(handled ?? "") || count > this.#queue.length) return false;
    this.#acknowledged = (this.#acknowledged + count) >>> 0;
    for (const { resolve } of this.#queue.splice(0, count)) resolve();
    return true;
  }

  #askSoon(): void {
    if (++this.#unasked >= MANY) this.ask();
    else this.#timer ??= setTimeout(() => this.ask(), PAUSE);
  }

  #quiet(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unasked = 0;
  }
}
