import { signal } from "@preact/signals";

/** Where in the app: `#/chat/ADDRESS` has the page `chat` and the rest `[ADDRESS]`. */
export interface Route {
  page: string;
  rest: readonly string[];
}

export function read(hash: string): Route {
  const [page, ...rest] = hash
    .replace(/^#?\/?/, "")
    .split("/")
    .filter(Boolean)
    .map(decode);
  return { page: page ?? "chats", rest };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a page, for `href` and `go`. */
export function href(page: string, ...rest: string[]): string {
  return `#/${[page, ...rest.map(encodeURIComponent)].join("/")}`;
}

export const route = signal<Route>(read(location.hash));

/** How many pages of ours lie behind this one in the browser's history. */
let depth = Number((history.state as { depth?: number } | null)?.depth ?? 0);

addEventListener("popstate", () => {
  const state = history.state as { depth?: number } | null;
  if (state?.depth === undefined) history.replaceState({ depth: ++depth }, "");
  else depth = state.depth;
  route.value = read(location.hash);
});

/** Goes to a page; `replace` leaves no step back to this one. */
export function go(to: string, options: { replace?: boolean } = {}): void {
  if (to === location.hash) return;
  if (options.replace) history.replaceState({ depth }, "", to);
  else history.pushState({ depth: ++depth }, "", to);
  route.value = read(to);
}

/** One step back, as the browser's own button; where nothing of ours is behind, to `otherwise`. */
export function back(otherwise: string = href("chats")): void {
  if (depth > 0) history.back();
  else go(otherwise, { replace: true });
}
