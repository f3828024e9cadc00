/** Encrypted files (XEP-0454): AES-256-GCM under a key of their own, which travels in the link's fragment. */

import { t } from "../i18n/index.ts";
import { fetchFile } from "./media.ts";

const IV = 12;
const KEY = 32;

export async function seal(blob: Blob): Promise<{ blob: Blob; link: (url: string) => string }> {
  const iv = crypto.getRandomValues(new Uint8Array(IV));
  const raw = crypto.getRandomValues(new Uint8Array(KEY));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, await blob.arrayBuffer());
  return {
    blob: new Blob([sealed]),
    link: (url) => `${url.replace(/^https:/, "aesgcm:")}#${hex(iv)}${hex(raw)}`,
  };
}

export async function open(link: string): Promise<Blob> {
  const [place, secret = ""] = link.split("#");
  // 12 bytes as the specification says; 16 as apps of before wrote them.
  const match = /^([0-9a-f]{24}|[0-9a-f]{32})([0-9a-f]{64})$/i.exec(secret);
  if (!match) throw new Error(t("error.fileUnreachable"));
  const sealed = await (await fetchFile(place!.replace(/^aesgcm:/, "https:"))).arrayBuffer();
  const key = await crypto.subtle.importKey("raw", bytes(match[2]!), "AES-GCM", false, ["decrypt"]);
  try {
    return new Blob([await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(match[1]!) }, key, sealed)]);
  } catch {
    throw new Error(t("error.fileUnreachable"));
  }
}

const hex = (data: Uint8Array): string =>
  [...data].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
