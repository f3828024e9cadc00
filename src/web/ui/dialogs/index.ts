import type { ComponentType } from "preact";
import type { Chat, Message } from "../../state/model.ts";
import type { PageName, PageProps } from "./way.ts";

export { WayContext, type PageName, type PageProps, type Way } from "./way.ts";

/** Fetches a component when it is first needed. */
export type Load<P> = () => Promise<ComponentType<P>>;

export interface Page {
  load: Load<PageProps>;
  /** `sheet` lies over everything; `side` fills the list's place, or the one beside the chat for details. */
  place: "sheet" | "side";
}

/** Every page with an address: `#/NAME/REST…`. */
export const pages: Readonly<Partial<Record<PageName, Page>>> = {};

export interface MessageSheet {
  message: Message;
  onClose: () => void;
}

/** What a chat opens over itself. */
export const sheets: Readonly<Partial<Record<"forward" | "info" | "delete", Load<MessageSheet>>>> = {};

/** In a request's chat, in place of the composer. */
export const requestBar: Load<{ chat: Chat }> | undefined = undefined as Load<{ chat: Chat }> | undefined;
