import type { ComponentType } from "preact";
import type { Chat, Message } from "../../state/model.ts";
import type { PageName, PageProps } from "./way.ts";

export { WayContext, type PageName, type PageProps, type Way } from "./way.ts";

/** Fetches a component when it is first needed. */
export type Load<P> = () => Promise<ComponentType<P>>;

export interface Page {
  load: Load<PageProps>;
  /**
   * `sheet` lies over everything, and brings its own frame; `side` fills the place that it is given: the details' beside the chat
   * (in the chat's place on a narrow screen), the list's for `search`.
   */
  place: "sheet" | "side";
}

/** Every page with an address: `#/NAME/REST…`. The same component stays while only the rest changes. */
export const pages: Readonly<Record<PageName, Page>> = {
  new: { place: "sheet", load: () => import("./NewChat.tsx").then((m) => m.NewChat) },
  group: { place: "sheet", load: () => import("./NewGroup.tsx").then((m) => m.NewGroup) },
  requests: { place: "sheet", load: () => import("./Requests.tsx").then((m) => m.Requests) },
  share: { place: "sheet", load: () => import("./Share.tsx").then((m) => m.Share) },
  settings: { place: "sheet", load: () => import("../settings/Settings.tsx").then((m) => m.Settings) },
  details: { place: "side", load: () => import("../details/Details.tsx").then((m) => m.Details) },
  search: { place: "side", load: () => import("../search/Search.tsx").then((m) => m.Search) },
};

export interface MessageSheet {
  /** Oldest first; at least one. */
  messages: readonly Message[];
  onClose: () => void;
}

/** What a chat opens over itself. */
export const sheets = {
  forward: () => import("./Forward.tsx").then((m) => m.ForwardSheet),
  info: () => import("./MessageInfo.tsx").then((m) => m.MessageInfo),
  delete: () => import("./DeleteMessage.tsx").then((m) => m.DeleteMessage),
} satisfies Record<string, Load<MessageSheet>>;

/** In a request's chat, in place of the composer. */
export const requestBar: Load<{ chat: Chat }> = () => import("./Requests.tsx").then((m) => m.RequestBar);
