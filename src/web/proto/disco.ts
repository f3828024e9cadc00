import { sha1 } from "@noble/hashes/legacy.js";
import { toBase64, utf8 } from "../xmpp/bytes.ts";
import { x, type Element } from "../xmpp/xml.ts";
import { fields } from "./forms.ts";
import type { Asker } from "./asker.ts";
import { N } from "./ns.ts";

export interface Info {
  identities: { category: string; type: string; name: string }[];
  features: Set<string>;
  form: Map<string, string>;
}

const NODE = "urn:kith:web";
const IDENTITY = { category: "client", type: "web", name: "Kith" };
const FEATURES = [
  N.caps,
  N.chatStates,
  N.conference,
  N.correct,
  N.discoInfo,
  N.markers,
  N.muc,
  N.reactions,
  N.receipts,
  N.reply,
  N.retract,
  N.fileSharing,
  N.fallback,
  N.time,
  N.version,
  `${N.avatarMetadata}+notify`,
  `${N.bookmarks}+notify`,
  `${N.chats}+notify`,
  `${N.displayed}+notify`,
  `${N.nick}+notify`,
].sort();

export class Capabilities {
  private readonly features: string[];
  private readonly hash: string;

  /** `encrypted`: this browser reads encrypted messages, and wants to hear of people's devices. */
  constructor(encrypted: boolean) {
    this.features = encrypted
      ? [...FEATURES, `${N.omemo}.devicelist+notify`, `${N.omemo2}:devices+notify`, N.omemo2].sort()
      : FEATURES;
    const text = `${IDENTITY.category}/${IDENTITY.type}//${IDENTITY.name}<${this.features.map((one) => `${one}<`).join("")}`;
    this.hash = toBase64(sha1(utf8(text)));
  }

  /** For presence (XEP-0115 section 5.1). */
  element(): Element {
    return x("c", { xmlns: N.caps, hash: "sha-1", node: NODE, ver: this.hash });
  }

  /** The answer to whoever asks what this client can do. */
  answer(iq: Element): Element {
    return x(
      "query",
      { xmlns: N.discoInfo, node: iq.getChild("query")?.attrs.node },
      x("identity", IDENTITY),
      ...this.features.map((feature) => x("feature", { var: feature })),
    );
  }
}

export async function info(stream: Asker, address: string): Promise<Info> {
  const query = (
    await stream.request(x("iq", { type: "get", to: address }, x("query", { xmlns: N.discoInfo })))
  ).getChild("query", N.discoInfo);
  return {
    identities: (query?.getChildren("identity") ?? []).map(({ attrs }) => ({
      category: attrs.category ?? "",
      type: attrs.type ?? "",
      name: attrs.name ?? "",
    })),
    features: new Set((query?.getChildren("feature") ?? []).flatMap((feature) => feature.attrs.var ?? [])),
    form: fields(query),
  };
}

/** Addresses of the services of a server. */
export async function services(stream: Asker, domain: string): Promise<string[]> {
  const result = await stream.request(
    x("iq", { type: "get", to: domain }, x("query", { xmlns: N.discoItems })),
  );
  return (result.getChild("query", N.discoItems)?.getChildren("item") ?? []).flatMap(
    (item) => item.attrs.jid ?? [],
  );
}
