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

/** In the worker: keeps what came and shows the page, which fetches it with `takeShared`. What nobody fetched before is gone. */
export async function receive(scope: Scope, request: Request): Promise<Response> {
  const form = await request.formData();
  const parts = ["title", "text", "url"].map((part) => form.get(part));
  const text = parts.filter((part) => typeof part === "string" && part !== "").join("\n");
  const files = form.getAll("files").filter((file) => file instanceof File);
  await scope.caches.delete(cacheName);
  const cache = await scope.caches.open(cacheName);
  await Promise.all(files.map((file, at) => cache.put(`${note}/${at}`, new Response(file))));
  const kept: Note = { text, files: files.map(({ name, type }) => ({ name, type })) };
  await cache.put(note, new Response(JSON.stringify(kept)));
  return Response.redirect(new URL("/#/share", scope.location.origin), 303);
}

/** In the page, on `#/share`: what was shared, once; undefined when there is nothing. */
export async function takeShared(storage: CacheStorage = caches): Promise<Shared | undefined> {
  const cache = await storage.open(cacheName);
  const response = await cache.match(note);
  if (!response) return undefined;
  const kept = (await response.json()) as Note;
  const files = await Promise.all(
    kept.files.map(async ({ name, type }, at) => {
      const content = await (await cache.match(`${note}/${at}`))!.blob();
      return new File([content], name, { type });
    }),
  );
  await storage.delete(cacheName);
  return { text: kept.text, files };
}
