import type { Build } from "../build/site.ts";
import type { Fetching, Scope } from "./scope.ts";
import { receive } from "./share.ts";

const prefix = "kith-site-";

/** What a page says to a worker that waits: take over now. */
export const takeOver = "take-over";

/**
 * The files of this version, kept on the device, so that the client starts without a network. It touches the page and
 * its own files and nothing else: `/api`, files that people send, and streams go their way as if there were no worker.
 */
export function keepOffline(scope: Scope, build: Build): void {
  const name = prefix + build.version;
  scope.addEventListener("install", (event) => {
    event.waitUntil(fill(scope, name, build.files));
  });
  scope.addEventListener("activate", (event) => {
    event.waitUntil(tidy(scope, name).then(() => scope.clients.claim()));
  });
  scope.addEventListener("message", (event) => {
    if (event.data === takeOver) event.waitUntil(scope.skipWaiting());
  });
  scope.addEventListener("fetch", (event) => answer(scope, name, event));
}

/** Files with a hash in their name are what they were, so the browser's own cache may answer; the page is asked for anew. */
async function fill(scope: Scope, name: string, files: readonly string[]): Promise<void> {
  const cache = await scope.caches.open(name);
  await Promise.all(
    files.map(async (file) => {
      const fresh = file.startsWith("/assets/") ? "default" : "no-cache";
      const response = await scope.fetch(file, { cache: fresh });
      if (!response.ok) throw new Error(`${file}: ${response.status}`);
      await cache.put(file, response);
    }),
  );
}

/** The version before stays: a tab that is still open may need a part that it has not loaded yet. */
async function tidy(scope: Scope, name: string): Promise<void> {
  const others = (await scope.caches.keys()).filter((each) => each.startsWith(prefix) && each !== name);
  await Promise.all(others.slice(0, -1).map((each) => scope.caches.delete(each)));
}

function answer(scope: Scope, name: string, event: Fetching): void {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== scope.location.origin) return;
  if (request.method === "POST" && address.pathname === "/share") event.respondWith(receive(scope, request));
  if (request.method !== "GET") return;
  if (address.pathname === "/" && request.mode === "navigate")
    event.respondWith(kept(scope, "/", request, name));
  else if (address.pathname.startsWith("/assets/")) event.respondWith(kept(scope, address.pathname, request));
}

/** From the cache named, or from any; where it is in none (the browser may have thrown them away) from the box. */
async function kept(scope: Scope, file: string, request: Request, cacheName?: string): Promise<Response> {
  const found = await scope.caches.match(file, cacheName ? { cacheName } : {});
  return found ?? scope.fetch(request);
}
