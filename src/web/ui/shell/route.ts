import { signal } from "@preact/signals";

/** Where in the app: `#/chat/ADDRESS` has the page `chat` and the rest `[ADDRESS]`. */
export interface Route {
  page: string;
  rest: readonly string[];
}

/** Kept with each entry of the browser's history. */
interface Step {
  /** How many entries of ours lie before this one. */
  depth: number;
  /** The entry from which this page was entered, where there is one. */
  base?: number;
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

let here: Step = (history.state as Step | null)?.depth === undefined ? { depth: 0 } : (history.state as Step);

/** The step to another page (its way out leads here), or deeper into this one (its way out stays). */
function step(to: Route, depth: number): Step {
  if (to.page !== route.value.page) return depth > 0 ? { depth, base: depth - 1 } : { depth };
  return here.base === undefined ? { depth } : { depth, base: here.base };
}

addEventListener("popstate", () => {
  const to = read(location.hash);
  const known = history.state as Step | null;
  // A link's press makes an entry by itself, which has no state yet.
  if (known?.depth === undefined) history.replaceState((here = step(to, here.depth + 1)), "");
  else here = known;
  route.value = to;
});

/** Goes to a page; `replace` leaves no step back to this one. */
export function go(address: string, options: { replace?: boolean } = {}): void {
  if (address === location.hash) return;
  const to = read(address);
  if (options.replace) history.replaceState((here = step(to, here.depth)), "", address);
  else history.pushState((here = step(to, here.depth + 1)), "", address);
  route.value = to;
}

/** One step back, as the browser's own button; where nothing of ours is behind, to `otherwise`. */
export function back(otherwise: string = href("chats")): void {
  if (here.depth > 0) history.back();
  else go(otherwise, { replace: true });
}

/** Out of a page, however deep in it one is. */
export function leave(otherwise: string = href("chats")): void {
  if (here.base === undefined) go(otherwise, { replace: true });
  else history.go(here.base - here.depth);
}
