import { Lost, ProtocolError } from "./errors.ts";
import { NS } from "./ns.ts";
import { GOODBYE, type StreamHeader, type Transport } from "./transport.ts";
import { parse, x, type Element } from "./xml.ts";

/** XMPP over WebSocket (RFC 7395): one element in each text message. */
export class WebSocketTransport implements Transport {
  readonly kind = "websocket";
  onElement: (element: Element) => void = () => undefined;
  onClose: (error?: Error) => void = () => undefined;

  #socket: WebSocket | undefined;
  #opened: (() => void) | undefined;
  #failed: ((error: Error) => void) | undefined;
  #over = false;
  #goodbye: (() => void) | undefined;

  constructor(private readonly url: string) {}

  get secure(): boolean {
    return this.url.startsWith("wss:");
  }

  open(header: StreamHeader): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#opened = resolve;
      this.#failed = reject;
      const socket = new WebSocket(this.url, "xmpp");
      this.#socket = socket;
      socket.onopen = () => {
        const { to, from, language } = header;
        const open = x("open", { xmlns: NS.framing, to, from, version: "1.0", "xml:lang": language });
        socket.send(open.toString());
      };
      socket.onmessage = (event: MessageEvent<unknown>) => {
        this.#message(event.data);
      };
      socket.onclose = (event) => {
        this.#end(new Lost(`the WebSocket closed (${String(event.code)})`));
      };
    });
  }

  send(element: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(element);
  }

  close(): Promise<void> {
    const socket = this.#socket;
    if (this.#over || socket?.readyState !== WebSocket.OPEN) {
      this.abort();
      return Promise.resolve();
    }
    this.#over = true;
    socket.send(x("close", { xmlns: NS.framing }).toString());
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#goodbye?.(), GOODBYE);
      this.#goodbye = () => {
        clearTimeout(timer);
        this.abort();
        resolve();
      };
    });
  }

  // A socket says that it has closed when the other side has agreed, which may be never.
  abort(): void {
    this.#over = true;
    this.#failed?.(new Lost("given up"));
    this.#socket?.close();
  }

  #message(data: unknown): void {
    let element: Element;
    try {
      element = parse(String(data));
    } catch (error) {
      this.#end(new ProtocolError("not well-formed", { cause: error }));
      return;
    }
    if (element.getNS() === NS.framing) this.#frame(element);
    else if (!this.#over) this.onElement(element);
  }

  // §3.6: a server that wants us elsewhere (see-other-uri) is taken for one that goes: the page may talk to its own origin alone.
  #frame(element: Element): void {
    if (element.is("open")) this.#opened?.();
    else if (element.is("close") && this.#over) this.#goodbye?.();
    else if (element.is("close")) {
      this.#socket?.send(x("close", { xmlns: NS.framing }).toString());
      this.#end();
    }
  }

  #end(error?: Error): void {
    this.#goodbye?.();
    if (this.#over) return;
    if (error) this.#failed?.(error);
    this.abort();
    this.onClose(error);
  }
}
