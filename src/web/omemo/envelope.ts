import { base64 } from "./bytes.ts";
import type { Payload } from "./payload.ts";
import type { Version } from "./suite.ts";
import { same } from "./sce.ts";
import { Unreadable } from "./unreadable.ts";
import { bytesOf, namespaces, number, versionOf, x, type Element } from "./xml.ts";

/** What one device gets: the payload's key through its session. */
export interface DeviceKey {
  readonly jid: string;
  readonly device: number;
  readonly bytes: Uint8Array;
  /** Whether it carries a key exchange. */
  readonly exchange: boolean;
}

/** An `<encrypted/>`, read. */
export interface Envelope {
  readonly version: Version;
  /** The sending device. */
  readonly sender: number;
  /** Those for this device; axolotl does not say whose device of that number is meant, so there may be several. */
  readonly keys: readonly { readonly bytes: Uint8Array; readonly exchange: boolean }[];
  readonly iv?: Uint8Array;
  readonly sealed?: Uint8Array;
}

/** XEP-0384 0.3.0 §4.4, 0.8 §5.5.3. */
export function buildEnvelope(
  version: Version,
  sender: number,
  keys: readonly DeviceKey[],
  payload: Payload,
): Element {
  const flag = version === "axolotl" ? "prekey" : "kex";
  const build = ({ device, bytes, exchange }: DeviceKey): Element =>
    x("key", { rid: device, [flag]: exchange ? "true" : undefined }, base64(bytes));
  const jids = [...new Set(keys.map(({ jid }) => jid))];
  const children =
    version === "axolotl"
      ? [...keys.map(build), x("iv", {}, base64(payload.iv!))]
      : jids.map((jid) => x("keys", { jid }, ...keys.filter((key) => key.jid === jid).map(build)));
  return x(
    "encrypted",
    { xmlns: namespaces[version] },
    x("header", { sid: sender }, ...children),
    payload.sealed && x("payload", {}, base64(payload.sealed)),
  );
}

/** Throws `Unreadable` where it is none; of its keys only those for this device are looked at. */
export function parseEnvelope(element: Element, own: { jid: string; device: number }): Envelope {
  const version = element.is("encrypted") ? versionOf(element) : undefined;
  const header = element.getChild("header");
  const sender = header && number(header, "sid");
  if (!version || sender === undefined) throw new Unreadable("broken", "no OMEMO element");
  const [ivElement, payload] = [header!.getChild("iv"), element.getChild("payload")];
  const [iv, sealed] = [bytesOf(ivElement), bytesOf(payload)];
  if ((ivElement && !iv) || (payload && !sealed)) throw new Unreadable("broken", "not base64");

  const holders =
    version === "axolotl"
      ? [header!]
      : header!.getChildren("keys").filter(({ attrs }) => same(attrs["jid"] ?? "", own.jid));
  const flag = version === "axolotl" ? "prekey" : "kex";
  const keys = holders
    .flatMap((holder) => holder.getChildren("key"))
    .filter((key) => number(key, "rid") === own.device)
    .map((key) => {
      const bytes = bytesOf(key);
      if (!bytes) throw new Unreadable("broken", "not base64");
      return { bytes, exchange: ["true", "1"].includes(key.attrs[flag] ?? "") };
    });
  return { version, sender, keys, ...(iv && { iv }), ...(sealed && { sealed }) };
}

/** Whether it has a key for this device. */
export function isFor(element: Element, own: { jid: string; device: number }): boolean {
  try {
    return parseEnvelope(element, own).keys.length > 0;
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
}
