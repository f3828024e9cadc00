import type { Load } from "../parts/lazy.tsx";
import type { PageName, PageProps } from "./way.ts";

export interface Page {
  load: Load<PageProps>;
  /**
   * `sheet` lies over everything, and brings its own frame; `side` fills the place that it is given: the details' beside the chat
   * (in the chat's place on a narrow screen), the list's for `search`.
   */
  place: "sheet" | "side";
}

/** Every page with an address: `#/NAME/REST…`. The same component stays while only the rest changes. */
export const pages: Readonly<Record<PageName | "media", Page>> = {
  new: { place: "sheet", load: () => import("../dialogs/NewChat.tsx").then((m) => m.NewChat) },
  group: { place: "sheet", load: () => import("../dialogs/NewGroup.tsx").then((m) => m.NewGroup) },
  requests: { place: "sheet", load: () => import("../dialogs/Requests.tsx").then((m) => m.Requests) },
  share: { place: "sheet", load: () => import("../dialogs/Share.tsx").then((m) => m.Share) },
  settings: { place: "sheet", load: () => import("../settings/Settings.tsx").then((m) => m.Settings) },
  details: { place: "side", load: () => import("../details/Details.tsx").then((m) => m.Details) },
  media: { place: "sheet", load: () => import("../media/Gallery.tsx").then((m) => m.Gallery) },
  search: { place: "side", load: () => import("../search/Search.tsx").then((m) => m.Search) },
};
