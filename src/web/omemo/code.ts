import { fromHex } from "./bytes.ts";
import { namespaces } from "./xml.ts";

/** What a code to scan says: whose keys these are. */
export interface Code {
  /** Bare address. */
  readonly jid: string;
  /** Fingerprints of one's own keys; `device` where the code says which device has it. */
  readonly keys: readonly { readonly fingerprint: string; readonly device?: number }[];
  /** Fingerprints of keys that are not to be trusted (XEP-0434 only). */
  readonly refused: readonly string[];
}

const isFingerprint = (text: string): boolean => fromHex(text, 32) !== undefined;

/** Conversations' form: `xmpp:mia@kith.example?omemo-sid-4711=…;omemo-sid-4712=…`. */
export const deviceCode = ({
  jid,
  keys,
}: Pick<Code, "jid"> & { keys: readonly Required<Code["keys"][number]>[] }): string =>
  `xmpp:${encodeJid(jid)}?${keys.map(({ device, fingerprint }) => `omemo-sid-${String(device)}=${fingerprint}`).join(";")}`;

/** The XMPP community's form, a Trust Message URI (XEP-0434 §5): `xmpp:mia@kith.example?trust-message;encryption=urn:xmpp:omemo:2;trust=…`. */
export const trustCode = ({ jid, keys, refused }: Code): string =>
  [
    `xmpp:${encodeJid(jid)}?trust-message;encryption=${namespaces.omemo2}`,
    ...keys.map(({ fingerprint }) => `trust=${fingerprint}`),
    ...refused.map((fingerprint) => `distrust=${fingerprint}`),
  ].join(";");

/** Reads either form; undefined where it is none, or where any part of it is damaged. */
export function parseCode(uri: string): Code | undefined {
  const [, path, query] = /^xmpp:([^?#]+)\?([^#]+)$/i.exec(uri) ?? [];
  const jid = path && decoded(path);
  if (!jid || !query || jid.includes("/")) return undefined;
  const [first, ...pairs] = query.split(";");
  const code = first === "trust-message" ? parseTrust(pairs) : parseDevices([first!, ...pairs]);
  return code && code.keys.length + code.refused.length > 0 ? { jid, ...code } : undefined;
}

function parseDevices(pairs: readonly string[]): Omit<Code, "jid"> | undefined {
  const ours = pairs.filter((pair) => pair.startsWith("omemo-sid-"));
  const keys = ours.map((pair) => {
    const [, device, fingerprint] = /^omemo-sid-(\d{1,10})=(.*)$/.exec(pair) ?? [];
    return { device: Number(device), fingerprint: (fingerprint ?? "").toLowerCase() };
  });
  return keys.every(({ fingerprint }) => isFingerprint(fingerprint)) ? { keys, refused: [] } : undefined;
}

function parseTrust([encryption, ...pairs]: readonly string[]): Omit<Code, "jid"> | undefined {
  if (encryption === undefined || decoded(encryption) !== `encryption=${namespaces.omemo2}`) return undefined;
  const parts = pairs.map((pair) => /^(trust|distrust)=(.*)$/.exec(pair));
  if (!parts.every((part) => part !== null && isFingerprint(part[2]!))) return undefined;
  const of = (word: string): string[] =>
    parts.flatMap((part) => (part?.[1] === word ? [part[2]!.toLowerCase()] : []));
  return { keys: of("trust").map((fingerprint) => ({ fingerprint })), refused: of("distrust") };
}

/** RFC 5122 §2: the at sign stays, what a URI can't carry is percent-encoded. */
const encodeJid = (jid: string): string => encodeURIComponent(jid).replaceAll("%40", "@");

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
