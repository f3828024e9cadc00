import { signal } from "@preact/signals";
import { modals } from "../parts/modal.ts";

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
// So that it is known again when one steps back to it.
history.replaceState(here, "");

/** The step to another page (its way out leads here), or deeper into this one (its way out stays). */
function step(to: Route, depth: number): Step {
  if (to.page !== route.value.page) return depth > 0 ? { depth, base: depth - 1 } : { depth };
  return here.base === undefined ? { depth } : { depth, base: here.base };
}

/** Whether the step on its way was asked for by the app itself. */
let asked = false;

/** A step back by hand takes away what lies over a page, a menu or a picture, and leaves the page. True: it did. */
function uncovers(to: Step | null): boolean {
  const over = asked ? undefined : modals.peek().at(-1);
  asked = false;
  if (!over || over.dataset["page"] !== undefined || to?.depth === undefined || to.depth >= here.depth)
    return false;
  history.go(here.depth - to.depth);
  over.dispatchEvent(new Event("cancel", { cancelable: true }));
  return true;
}

addEventListener("popstate", () => {
  const to = read(location.hash);
  const known = history.state as Step | null;
  if (uncovers(known)) return;
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
  if (here.depth > 0) steps(-1);
  else go(otherwise, { replace: true });
}

/** Out of a page, however deep in it one is. */
export function leave(otherwise: string = href("chats")): void {
  if (here.base === undefined) go(otherwise, { replace: true });
  else steps(here.base - here.depth);
}

function steps(count: number): void {
  asked = count !== 0;
  history.go(count);
}
