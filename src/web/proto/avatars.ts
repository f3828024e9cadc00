import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { fromBase64, toBase64 } from "../xmpp/bytes.ts";
import { x } from "../xmpp/xml.ts";
import type { Asker } from "./asker.ts";
import { N } from "./ns.ts";
import { items, publish, type Item } from "./pubsub.ts";

/** The hash of the picture that a metadata item names (XEP-0084); empty: there is none any more. */
export function hashOf(item: Item): string {
  const id = item.payload?.getChild("info")?.attrs.id ?? "";
  return /^[0-9a-f]{40}$/i.test(id) ? id : "";
}

export async function metadata(stream: Asker, owner: string): Promise<string> {
  const [item] = await items(stream, N.avatarMetadata, { owner, max: 1 });
  return item ? hashOf(item) : "";
}

/** The picture, when it is what its hash says. */
export async function picture(stream: Asker, owner: string, hash: string): Promise<Blob | undefined> {
  const [item] = await items(stream, N.avatarData, { owner, ids: [hash] });
  return item?.payload && checked(item.payload.getText(), hash);
}

/** A room's picture, or of who has no PEP (XEP-0153), when it is what its hash says. */
export async function fromCard(stream: Asker, address: string, hash: string): Promise<Blob | undefined> {
  const result = await stream.request(x("iq", { type: "get", to: address }, x("vCard", { xmlns: N.vcard })));
  const text = result.getChild("vCard", N.vcard)?.getChild("PHOTO")?.getChildText("BINVAL");
  return text ? checked(text, hash) : undefined;
}

export async function setRoomPicture(stream: Asker, room: string, blob: Blob): Promise<void> {
  const photo = x(
    "PHOTO",
    {},
    x("TYPE", {}, blob.type),
    x("BINVAL", {}, toBase64(new Uint8Array(await blob.arrayBuffer()))),
  );
  await stream.request(x("iq", { type: "set", to: room }, x("vCard", { xmlns: N.vcard }, photo)));
}

/** Publishes a square picture of at most 512 points a side; undefined takes it away. */
export async function setPicture(stream: Asker, blob: Blob | undefined): Promise<void> {
  if (!blob) return publish(stream, N.avatarMetadata, "", x("metadata", { xmlns: N.avatarMetadata }));
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const hash = bytesToHex(sha1(bytes));
  await publish(stream, N.avatarData, hash, x("data", { xmlns: N.avatarData }, toBase64(bytes)), {
    access: "open",
  });
  const info = x("info", { id: hash, bytes: bytes.length, type: blob.type });
  await publish(stream, N.avatarMetadata, hash, x("metadata", { xmlns: N.avatarMetadata }, info), {
    access: "open",
  });
}

const KINDS: [string, number[]][] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/gif", [0x47, 0x49, 0x46]],
  ["image/webp", [0x52, 0x49, 0x46, 0x46]],
];

/** Only what begins as a picture does: whatever else somebody calls one is not drawn. */
function checked(text: string, hash: string): Blob | undefined {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = fromBase64(text.replace(/\s/g, ""));
  } catch {
    return undefined;
  }
  if (bytesToHex(sha1(bytes)) !== hash.toLowerCase()) return undefined;
  const kind = KINDS.find(([, start]) => start.every((byte, index) => bytes[index] === byte));
  return kind && new Blob([bytes], { type: kind[0] });
}
