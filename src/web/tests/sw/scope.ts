import type { Fetching, Scope, Waiting } from "../../sw/scope.ts";

const origin = "https://kith.test";

/** Caches as the worker uses them: by address, in the order in which they were made. */
class Storage {
  readonly all = new Map<string, Map<string, Response>>();

  async open(name: string) {
    const kept = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, kept);
    return {
      put: async (key: string, response: Response) => void kept.set(key, response),
      match: async (key: string) => kept.get(key)?.clone(),
    };
  }

  async keys() {
    return [...this.all.keys()];
  }

  async delete(name: string) {
    return this.all.delete(name);
  }

  async match(key: string, { cacheName }: { cacheName?: string } = {}) {
    const caches = cacheName ? [this.all.get(cacheName)] : [...this.all.values()];
    return caches
      .find((kept) => kept?.has(key))
      ?.get(key)
      ?.clone();
  }
}

/** A worker's world by script: what it asks the box for, and what it answers. */
export class Stage implements Scope {
  readonly location = { origin };
  readonly caches: CacheStorage;
  readonly asked: string[] = [];
  readonly clients = { claim: async () => void this.events.push("claim") };
  readonly events: string[] = [];
  /** What the box has; absent: no network. */
  box: ((path: string) => Response) | undefined = (path) => new Response(`box ${path}`);
  #heard = new Map<string, (event: never) => void>();

  /** `storage`: that of another worker of the same site. */
  constructor(readonly storage = new Storage()) {
    this.caches = storage as unknown as CacheStorage;
  }

  addEventListener(name: string, heard: (event: never) => void) {
    this.#heard.set(name, heard);
  }

  async fetch(request: RequestInfo | URL, options?: RequestInit) {
    const path = new URL(request instanceof Request ? request.url : request, origin).pathname;
    this.asked.push(options?.cache ? `${path} ${options.cache}` : path);
    if (!this.box) throw new TypeError("no network");
    return this.box(path);
  }

  async skipWaiting() {
    this.events.push("skipWaiting");
  }

  async #tell(name: string) {
    const work: Promise<unknown>[] = [];
    const waiting = { waitUntil: (each: Promise<unknown>) => void work.push(each) };
    this.#heard.get(name)!(waiting as unknown as Waiting as never);
    await Promise.all(work);
  }

  install = () => this.#tell("install");
  activate = () => this.#tell("activate");

  /** The worker's answer; undefined where it leaves the request alone. */
  async ask(
    path: string,
    options: RequestInit = {},
    mode: RequestMode = "cors",
  ): Promise<Response | undefined> {
    const request = new Request(new URL(path, origin), options);
    Object.defineProperty(request, "mode", { value: mode });
    let answer: Promise<Response> | Response | undefined;
    const event = { request, respondWith: (each: Promise<Response> | Response) => (answer = each) };
    this.#heard.get("fetch")!(event as unknown as Fetching as never);
    return answer;
  }
}
