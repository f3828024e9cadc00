import type { ComponentType } from "preact";

export interface DialogProps {
  /** What follows the page's name in the address: `#/info/CHAT/MESSAGE` has two. */
  rest: readonly string[];
  /** One step back. */
  onClose: () => void;
}

/** A page around the chat: its own code, loaded when it is first opened. */
export type Dialog = () => Promise<{ default: ComponentType<DialogProps> }>;
