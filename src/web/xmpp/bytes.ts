export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export const utf8 = (text: string): Bytes => encoder.encode(text);

/** Throws a TypeError for what is no UTF-8. */
export const text = (bytes: Bytes): string => decoder.decode(bytes);

/** As many as a call takes for its arguments, in every browser. */
const PIECE = 0x8000;

export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let start = 0; start < bytes.length; start += PIECE)
    binary += String.fromCharCode(...bytes.subarray(start, start + PIECE));
  return btoa(binary);
}

/** Throws for what is no base64. */
export const fromBase64 = (base64: string): Bytes => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** Takes as long wherever they differ. */
export function equal(one: Bytes, other: Bytes): boolean {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= one[i]! ^ (other[i] ?? 0);
  return difference === 0;
}

export async function hmac(hash: string, key: Bytes, data: Bytes): Promise<Bytes> {
  const signer = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", signer, data));
}
