import { domain } from "./jid.ts";

const RELATIONS = {
  websocket: "urn:xmpp:alt-connections:websocket",
  bosh: "urn:xmpp:alt-connections:xbosh",
} as const;

const PATIENCE = 5_000;

export type Kind = keyof typeof RELATIONS;

/**
 * Where the streams are (XEP-0156 §3): as told, else as the page's origin says, else where a Kith has them, which is the one
 * that the page came from: its port need not be 443.
 */
export class Endpoints {
  #links: Promise<Map<string, string>> | undefined;

  constructor(
    private readonly address: string,
    private readonly told: Partial<Record<Kind, string>>,
  ) {}

  async find(kind: Kind): Promise<string> {
    const told = this.told[kind];
    if (told !== undefined) return told;
    this.#links ??= read();
    const links = await this.#links;
    // A page that came from a cache without a network asks again when there is one.
    if (links.size === 0) this.#links = undefined;
    const host = ownHost() ?? domain(this.address);
    const usual = kind === "websocket" ? `wss://${host}/xmpp-websocket` : `https://${host}/http-bind`;
    return links.get(RELATIONS[kind]) ?? usual;
  }
}

async function read(): Promise<Map<string, string>> {
  const links = new Map<string, string>();
  try {
    const origin = globalThis.location.origin;
    const response = await fetch(`${origin}/.well-known/host-meta.json`, {
      signal: AbortSignal.timeout(PATIENCE),
    });
    const document = (await response.json()) as { links?: unknown };
    for (const link of Array.isArray(document.links) ? (document.links as unknown[]) : []) {
      const { rel, href } = link as { rel?: unknown; href?: unknown };
      if (typeof rel === "string" && typeof href === "string" && isSafe(href)) links.set(rel, href);
    }
  } catch {
    // No such file, no network, no page: the usual place is tried.
  }
  return links;
}

const ownHost = (): string | undefined =>
  globalThis.location?.protocol === "https:" ? globalThis.location.host : undefined;

// Inside TLS, or on this machine, where a browser takes it for as good.
function isSafe(url: string): boolean {
  return (
    /^(?:wss|https):\/\//.test(url) || /^(?:ws|http):\/\/(?:localhost|127\.0\.0\.1|\[::1\])[:/]/.test(url)
  );
}
