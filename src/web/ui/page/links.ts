import type { Address } from "../../state/model.ts";

/** What a typed, pasted or scanned text leads to. */
export type Target =
  | { kind: "address"; address: Address }
  | { kind: "group"; address: Address }
  /** A person's code with the keys of their devices (`omemo-sid-…`). */
  | { kind: "keys"; address: Address; uri: string }
  /** A page of another home, to be opened by the browser. */
  | { kind: "invite"; link: string };

const local = /^[^\s"&'/:<>@]{1,1023}$/u;
const host =
  /^(?=.{1,253}$)(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?)(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?)*$/u;

/** `name@server` of an address, in lower case and without a device; undefined when it is none. */
export function address(text: string): Address | undefined {
  const bare = text.split("/", 1)[0]!;
  const at = bare.indexOf("@");
  if (at < 0) return undefined;
  const name = bare.slice(0, at).normalize("NFC").toLowerCase();
  const server = bare
    .slice(at + 1)
    .normalize("NFC")
    .toLowerCase()
    .replace(/\.$/, "");
  return local.test(name) && host.test(server) ? `${name}@${server}` : undefined;
}

export function serverOf(of: Address): string {
  return of.slice(of.indexOf("@") + 1);
}

export function isServer(text: string): boolean {
  return host.test(text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function person(who: Address | undefined): Target | undefined {
  return who === undefined ? undefined : { kind: "address", address: who };
}

/** RFC 5122: `xmpp:ADDRESS?ACTION;KEY=VALUE`; as Conversations writes keys: `?omemo-sid-DEVICE=FINGERPRINT`. */
function fromUri(uri: string): Target | undefined {
  const [path = "", query = ""] = uri
    .slice("xmpp:".length)
    .split("#", 1)[0]!
    .split(/\?(.*)/s);
  const who = address(decoded(path.replace(/^\/\/[^/]*\//, "")));
  if (!who) return undefined;
  const words = query.split(/[;&]/);
  if (words[0] === "join") return { kind: "group", address: who };
  if (words.some((word) => /^omemo-sid-\d+=/.test(word))) return { kind: "keys", address: who, uri };
  return { kind: "address", address: who };
}

function fromWeb(url: URL, here: string): Target | undefined {
  const hash = decoded(url.hash.slice(1));
  const page = /^\/(?:new|chat)\/(.+)$/.exec(hash)?.[1];
  if (page && url.host === here) return readTarget(page, here);
  if (/^\/invite\/[\w-]+$/.test(url.pathname) && url.protocol === "https:")
    return { kind: "invite", link: url.href };
  const conversations = /^\/([ij])\/([^/]+@[^/]+|[^/]+\/[^/]+)$/.exec(decoded(url.pathname));
  if (url.host === "conversations.im" && conversations) {
    const who = address(conversations[2]!.replace("/", "@"));
    return who === undefined
      ? undefined
      : { kind: conversations[1] === "j" ? "group" : "address", address: who };
  }
  if (url.host === "xmpp.link" && hash) return fromUri(`xmpp:${hash}`);
  return undefined;
}

/**
 * Reads an address (`mia@kith.example`), an `xmpp:` link, or a link of a page that carries one; undefined for anything else.
 * `here` is the host of this page.
 */
export function readTarget(text: string, here: string): Target | undefined {
  const trimmed = text.trim();
  if (/^xmpp:/i.test(trimmed)) return fromUri(trimmed);
  if (/^https?:\/\//i.test(trimmed))
    return URL.canParse(trimmed) ? fromWeb(new URL(trimmed), here) : undefined;
  const who = address(trimmed.replace(/^mailto:/i, ""));
  return person(who);
}

/** The same for a field where somebody types: a name alone is somebody of this home. */
export function readTyped(text: string, home: string, here: string): Target | undefined {
  const trimmed = text.trim().replace(/^@/, "");
  if (!/[@:/\s]/.test(trimmed)) {
    const who = address(`${trimmed}@${home}`);
    return person(who);
  }
  return readTarget(trimmed, here);
}

/** The link that others' apps open: percent-encoded where RFC 5122 asks for it. */
export function contactLink(of: Address): string {
  const [name = "", server = ""] = of.split("@");
  return `xmpp:${encodeURIComponent(name)}@${server}`;
}
