import type { Element } from "./xml.ts";

/**
 * One stream below the session: WebSocket or BOSH. It gives whole elements, `<stream:features/>` and
 * `<stream:error/>` among them, in their order, and says once that it is over.
 */
export interface Transport {
  readonly kind: "websocket" | "bosh";
  /** Inside TLS. */
  readonly secure: boolean;
  onElement: (element: Element) => void;
  /** Nothing comes after it. Without an error the server closed the stream properly. */
  onClose: (error?: Error) => void;
  /** Resolves when the server has opened its stream; rejects when there is none to be had. */
  open(header: StreamHeader): Promise<void>;
  /** One element, serialised, with its own namespace. */
  send(element: string): void;
  /** Says goodbye, and resolves when the server has too, or after two seconds. `onClose` is not called any more. */
  close(): Promise<void>;
  /** Lets go without a word; `onClose` is not called any more. */
  abort(): void;
}

export interface StreamHeader {
  /** The domain. */
  to: string;
  /** The bare address of who signs in, where that is known already (XEP-0484 §4.1 asks for it). */
  from: string | undefined;
  language: string;
}

/** How long the other side may take for its goodbye, in milliseconds. */
export const GOODBYE = 2_000;
