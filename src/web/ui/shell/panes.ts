import { pages, type Page } from "./pages.ts";
import type { Route } from "./route.ts";

/** The page of a name, when there is one. */
export function pageOf(name: string): Page | undefined {
  return Object.hasOwn(pages, name) ? pages[name as keyof typeof pages] : undefined;
}

export interface Panes {
  chat: string | undefined;
  /** A page in the list's place. */
  list: string | undefined;
  details: boolean;
  /** A page over all. */
  over: string | undefined;
  /** The one pane that a phone has room for. */
  front: "list" | "chat" | "details";
}

/** What the panes show for a route; `open` is the chat that was open before it. */
export function panes(at: Route, open: string | undefined): Panes {
  const page = pageOf(at.page);
  const ofChat = at.page === "chat" || at.page === "details";
  const chat = ofChat ? at.rest[0] : at.page === "chats" ? undefined : open;
  const details = at.page === "details" && page !== undefined && chat !== undefined;
  const list = page?.place === "side" && at.page !== "details" ? at.page : undefined;
  const over = page?.place === "sheet" ? at.page : undefined;
  const front = details ? "details" : chat !== undefined && !list ? "chat" : "list";
  return { chat, list, details, over, front };
}
