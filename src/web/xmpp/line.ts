import { Lost, streamError } from "./errors.ts";
import { NS } from "./ns.ts";
import type { Transport } from "./transport.ts";
import type { Element } from "./xml.ts";

/** A transport, read element by element while a sign-in lasts and by a callback afterwards; nothing is dropped between. */
export class Line {
  readonly #waiting: Element[] = [];
  #ended: Error | undefined;
  #wake: (() => void) | undefined;
  #onElement: ((element: Element) => void) | undefined;
  #onEnd: ((error: Error) => void) | undefined;

  constructor(readonly transport: Transport) {
    transport.onElement = (element) => {
      this.#take(element);
    };
    transport.onClose = (error) => {
      this.#end(error ?? new Lost("the server closed the stream"));
    };
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  send(element: Element | string): void {
    this.transport.send(element.toString());
  }

  /** The next element; rejects when the line has ended. One reader at a time. */
  async next(): Promise<Element> {
    while (this.#waiting.length === 0) {
      if (this.#ended) throw this.#ended;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.#waiting.shift()!;
  }

  /** From now on everything goes there, what has already come first. */
  hand(onElement: (element: Element) => void, onEnd: (error: Error) => void): void {
    this.#onElement = onElement;
    this.#onEnd = onEnd;
    for (const element of this.#waiting.splice(0)) onElement(element);
    if (this.#ended) onEnd(this.#ended);
  }

  /** Work that waits for elements; the line is cut when it takes too long, or is called off. */
  within<T>(milliseconds: number, signal: AbortSignal, work: Promise<T>): Promise<T> {
    const give = (): void => {
      this.cut(new Lost("no answer in time"));
    };
    const timer = setTimeout(give, milliseconds);
    signal.addEventListener("abort", give);
    if (signal.aborted) give();
    return work.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", give);
    });
  }

  /** Ends it from this side, without a word. */
  cut(error: Error): void {
    this.transport.abort();
    this.#end(error);
  }

  // A stream error is the last word (RFC 6120 §4.9.1.1), and says better why than the end of the connection does.
  #take(element: Element): void {
    if (this.#ended) return;
    if (element.is("error", NS.stream)) {
      this.cut(streamError(element));
      return;
    }
    if (this.#onElement) this.#onElement(element);
    else {
      this.#waiting.push(element);
      this.#wake?.();
    }
  }

  #end(error: Error): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#wake?.();
    this.#onEnd?.(error);
  }
}
