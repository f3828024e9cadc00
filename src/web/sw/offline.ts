import type { Build } from "../build/site.ts";
import type { Fetching, Scope } from "./scope.ts";
import { receive } from "./share.ts";

const prefix = "kith-site-";
const page = "/";

/**
 * The files of this version, kept on the device, so that the client starts without a network. It touches the page and
 * its own files and nothing else: `/api`, files that people send, and streams go their way as if there were no worker.
 *
 * The page is answered from the newest version that is kept whole, whichever worker is asked: when a browser lets a newer
 * worker take over is its own affair (Chromium may wait for minutes until the one before has nothing to do).
 */
export function keepOffline(scope: Scope, build: Build): void {
  const name = prefix + build.version;
  scope.addEventListener("install", (event) => {
    event.waitUntil(fill(scope, name, build.files).then(() => scope.skipWaiting()));
  });
  scope.addEventListener("activate", (event) => {
    event.waitUntil(tidy(scope, name).then(() => scope.clients.claim()));
  });
  scope.addEventListener("fetch", (event) => answer(scope, event));
}

/** The page comes last: a version that has it is whole. What was there under this name, or was never whole, goes first. */
async function fill(scope: Scope, name: string, files: readonly string[]): Promise<void> {
  for (const each of await versions(scope))
    if (each === name || !(await pageOf(scope, each))) await scope.caches.delete(each);
  const cache = await scope.caches.open(name);
  const keep = async (file: string) => cache.put(file, await download(scope, file));
  await Promise.all(files.filter((file) => file !== page).map(keep));
  await keep(page);
}

/** Files with a hash in their name are what they were, so the browser's own cache may answer; the page is asked for anew. */
async function download(scope: Scope, file: string): Promise<Response> {
  const fresh = file.startsWith("/assets/") ? "default" : "no-cache";
  const response = await scope.fetch(file, { cache: fresh });
  if (!response.ok) throw new Error(`${file}: ${response.status}`);
  return response;
}

/** The version before stays: a tab that is still open may need a part that it has not loaded yet. */
async function tidy(scope: Scope, name: string): Promise<void> {
  const others = (await versions(scope)).filter((each) => each !== name);
  await Promise.all(others.slice(0, -1).map((each) => scope.caches.delete(each)));
}

/** The caches of this client, the newest last. */
async function versions(scope: Scope): Promise<string[]> {
  return (await scope.caches.keys()).filter((each) => each.startsWith(prefix));
}

const pageOf = (scope: Scope, cacheName: string) => scope.caches.match(page, { cacheName });

function answer(scope: Scope, event: Fetching): void {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== scope.location.origin) return;
  if (request.method === "POST" && address.pathname === "/share") event.respondWith(receive(scope, request));
  if (request.method !== "GET") return;
  if (address.pathname === page && request.mode === "navigate") event.respondWith(newest(scope, request));
  else if (address.pathname.startsWith("/assets/")) event.respondWith(part(scope, address.pathname, request));
}

/** The browser may have thrown away what is kept: then the box answers, for the page and for its parts. */
async function newest(scope: Scope, request: Request): Promise<Response> {
  for (const each of (await versions(scope)).reverse()) {
    const found = await pageOf(scope, each);
    if (found) return found;
  }
  return scope.fetch(request);
}

/** Of any version: a name has a hash in it. */
async function part(scope: Scope, file: string, request: Request): Promise<Response> {
  return (await scope.caches.match(file)) ?? scope.fetch(request);
}
