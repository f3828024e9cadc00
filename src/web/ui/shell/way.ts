import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Address } from "../../state/model.ts";

/** The pages that have an address of their own: `#/settings/password`. */
export type PageName = "new" | "group" | "requests" | "details" | "search" | "settings" | "share";

/** How a page leaves for another; the shell does it by the browser's history. */
export interface Way {
  /** To a page, or deeper into this one; back comes here again. */
  open(page: PageName, ...rest: string[]): void;
  /** To a chat, where `message` is shown; the page that is left is not gone back to. */
  chat(address: Address, message?: string): void;
  /** To the photos, videos and files of a chat. */
  media(chat: Address): void;
  /** One step back. */
  back(): void;
  /** Out of the page, wherever in it one is. */
  close(): void;
}

export const WayContext = createContext<Way | undefined>(undefined);

export function useWay(): Way {
  const way = useContext(WayContext);
  if (!way) throw new Error("drawn outside of the shell");
  return way;
}

/** What the shell gives to a page: what follows its name in the address. */
export interface PageProps {
  rest: readonly string[];
}
