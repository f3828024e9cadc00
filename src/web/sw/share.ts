import type { Scope } from "./scope.ts";

/** Where what was shared waits for the page. */
const cacheName = "kith-shared";
const note = "/shared";

/** What another app handed over by the device's own "Share" (the manifest's `share_target`). */
export interface Shared {
  text: string;
  files: File[];
}

interface Note {
  text: string;
  files: { name: string; type: string }[];
}

/** More than this is not handed over (letters, files, bytes). */
const most = { text: 100_000, files: 30, bytes: 268_435_456 };

/**
 * In the worker: keeps what came and shows the page, which fetches it with `takeShared`. What nobody fetched before is gone.
 * Another site's form is not read.
 */
export async function receive(scope: Scope, request: Request): Promise<Response> {
  if (foreign(scope, request)) return Response.redirect(new URL("/", scope.location.origin), 303);
  const form = await request.formData();
  const parts = ["title", "text", "url"].map((part) => form.get(part));
  const text = parts
    .filter((part) => typeof part === "string" && part !== "")
    .join("\n")
    .slice(0, most.text);
  const files = fitting(form.getAll("files").filter((file) => file instanceof File));
  await scope.caches.delete(cacheName);
  const cache = await scope.caches.open(cacheName);
  await Promise.all(files.map((file, at) => cache.put(`${note}/${at}`, new Response(file))));
  const kept: Note = { text, files: files.map(({ name, type }) => ({ name, type })) };
  await cache.put(note, new Response(JSON.stringify(kept)));
  return Response.redirect(new URL("/#/share", scope.location.origin), 303);
}

function fitting(files: readonly File[]): File[] {
  let room = most.bytes;
  return files.slice(0, most.files).filter(({ size }) => {
    if (size > room) return false;
    room -= size;
    return true;
  });
}

/**
 * Whether another site sends it, as far as a worker sees: the browser adds `Sec-Fetch-Site` only after it. What the device
 * shares has the origin `null`, as has the form of a site that sends no referrer.
 */
function foreign(scope: Scope, { headers, referrer, destination }: Request): boolean {
  const said = headers.get("origin") ?? "null";
  const from = said !== "null" ? said : referrer.startsWith("http") ? new URL(referrer).origin : undefined;
  return destination === "iframe" || (from !== undefined && from !== scope.location.origin);
}

/** The device shares with the installed app alone, which has a window of its own; another site can only open a tab. */
const installed = (): boolean => !matchMedia("(display-mode: browser)").matches;

/** In the page, on `#/share`: what was shared, once; undefined when there is nothing. */
export async function takeShared(
  storage: CacheStorage = caches,
  inApp: () => boolean = installed,
): Promise<Shared | undefined> {
  const cache = await storage.open(cacheName);
  const response = await cache.match(note);
  if (!response) return undefined;
  const kept = (await response.json()) as Note;
  if (!inApp()) {
    await storage.delete(cacheName);
    return undefined;
  }
  const files = await Promise.all(
    kept.files.map(async ({ name, type }, at) => {
      const content = await (await cache.match(`${note}/${at}`))!.blob();
      return new File([content], name, { type });
    }),
  );
  await storage.delete(cacheName);
  return { text: kept.text, files };
}
