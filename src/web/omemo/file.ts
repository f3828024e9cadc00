import { ghash } from "@noble/ciphers/_polyval.js";
import { concat, equal, fromHex, hex, random } from "./bytes.ts";

/** How an encrypted file is read: AES-256-GCM (XEP-0454 §3). */
export interface FileKey {
  /** 12 bytes. */
  readonly iv: Uint8Array;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** A file that somebody shares (XEP-0454 §4). */
export interface SharedFile extends FileKey {
  /** Where its sealed bytes are, `https:`. */
  readonly url: string;
  /** A small JPEG as a `data:` URI. */
  readonly thumbnail?: string;
}

const tagLength = 16;
/** Up to this size a file is encrypted in one go, beside the page's thread; a larger one piece by piece, so that it need not fit into memory. */
const inOneGo = 16 * 1024 * 1024;
/** A multiple of a block, small enough that its code is computed within a frame. */
const piece = 256 * 1024;

/** How large an upload will be; what is asked of the upload service (XEP-0454 §5). */
export const sealedSize = (size: number): number => size + tagLength;

/** Encrypts a file under a new key. `onProgress` hears how many bytes are done. */
export async function encryptFile(
  file: Blob,
  onProgress?: (bytes: number) => void,
): Promise<FileKey & { blob: Blob }> {
  const fileKey: FileKey = { key: random(32), iv: random(12) };
  const blob = await (file.size <= inOneGo
    ? encryptAtOnce(file, fileKey)
    : encryptPieces(file, fileKey, onProgress));
  onProgress?.(file.size);
  return { ...fileKey, blob };
}

/** Decrypts a file; throws an `Error` where it is not what was encrypted, and gives nothing of it away. */
export async function decryptFile(
  sealed: Blob,
  fileKey: FileKey,
  onProgress?: (bytes: number) => void,
): Promise<Blob> {
  if (sealed.size < tagLength) throw new Error("The file is cut short");
  const blob = await (sealed.size <= inOneGo
    ? decryptAtOnce(sealed, fileKey)
    : decryptPieces(sealed, fileKey, onProgress));
  onProgress?.(blob.size);
  return blob;
}

/** The `aesgcm:` form of an upload's `https:` URL. Throws for any other URL, which would give the key to who listens (§3). */
export function fileUrl(url: string, { iv, key }: FileKey): string {
  const { protocol, hash } = new URL(url);
  if (protocol !== "https:" || hash !== "") throw new Error("Only an https URL can carry a key");
  return `aesgcm${url.slice(url.indexOf(":"))}#${hex(iv)}${hex(key)}`;
}

/** What a message shares, when it is nothing but a file: a URL, or one and a thumbnail on the next line (§4). */
export function parseFile(body: string): SharedFile | undefined {
  const [line, thumbnail, ...more] = body.split("\n");
  const [, place, iv, key] =
    /^aesgcm:(\/\/[^\s#/\\][^\s#\\]*)#([0-9a-f]{24})([0-9a-f]{64})$/i.exec(line!) ?? [];
  if (!place || more.length > 0 || !isHttps(`https:${place}`)) return undefined;
  if (thumbnail !== undefined && !/^data:image\/jpeg[;,][^\s]+$/i.test(thumbnail)) return undefined;
  return {
    url: `https:${place}`,
    iv: fromHex(iv!, 12)!,
    key: fromHex(key!, 32)!,
    ...(thumbnail !== undefined && { thumbnail }),
  };
}

function isHttps(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, username, password } = new URL(url);
  return hostname !== "" && username === "" && password === "";
}

/** WebCrypto wants to be sure that its bytes are not shared between threads; ours never are. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;

async function encryptAtOnce(file: Blob, { key, iv }: FileKey): Promise<Blob> {
  const imported = await crypto.subtle.importKey("raw", own(key), "AES-GCM", false, ["encrypt"]);
  return new Blob([
    await crypto.subtle.encrypt({ name: "AES-GCM", iv: own(iv) }, imported, await file.arrayBuffer()),
  ]);
}

async function decryptAtOnce(sealed: Blob, { key, iv }: FileKey): Promise<Blob> {
  const imported = await crypto.subtle.importKey("raw", own(key), "AES-GCM", false, ["decrypt"]);
  const bytes = await sealed.arrayBuffer();
  try {
    return new Blob([await crypto.subtle.decrypt({ name: "AES-GCM", iv: own(iv) }, imported, bytes)]);
  } catch (error) {
    throw new Error("The file is damaged", { cause: error });
  }
}

async function encryptPieces(
  file: Blob,
  fileKey: FileKey,
  onProgress: ((bytes: number) => void) | undefined,
): Promise<Blob> {
  const gcm = await PiecewiseGcm.start(fileKey);
  const parts: Blob[] = [];
  for (let at = 0; at < file.size; at += piece) {
    const sealed = await gcm.crypt(await bytesOf(file, at, at + piece));
    gcm.cover(sealed);
    parts.push(new Blob([own(sealed)]));
    onProgress?.(Math.min(at + piece, file.size));
  }
  return new Blob([...parts, own(gcm.tag())]);
}

async function decryptPieces(
  sealed: Blob,
  fileKey: FileKey,
  onProgress: ((bytes: number) => void) | undefined,
): Promise<Blob> {
  const gcm = await PiecewiseGcm.start(fileKey);
  const end = sealed.size - tagLength;
  const parts: Blob[] = [];
  for (let at = 0; at < end; at += piece) {
    const bytes = await bytesOf(sealed, at, Math.min(at + piece, end));
    gcm.cover(bytes);
    parts.push(new Blob([own(await gcm.crypt(bytes))]));
    onProgress?.(Math.min(at + piece, end));
  }
  if (!equal(gcm.tag(), await bytesOf(sealed, end, sealed.size))) throw new Error("The file is damaged");
  return new Blob(parts);
}

const bytesOf = async (blob: Blob, from: number, to: number): Promise<Uint8Array> =>
  new Uint8Array(await blob.slice(from, to).arrayBuffer());

/** GCM as NIST SP 800-38D §7.1 puts it together: counter mode, which WebCrypto does, and GHASH. Pieces are whole blocks, but for the last. */
class PiecewiseGcm {
  readonly #key: CryptoKey;
  readonly #iv: Uint8Array;
  readonly #mask: Uint8Array;
  readonly #hash: ReturnType<typeof ghash.create>;
  #blocks = 0;
  #covered = 0;

  private constructor(key: CryptoKey, iv: Uint8Array, hashKey: Uint8Array, mask: Uint8Array) {
    this.#key = key;
    this.#iv = iv;
    this.#mask = mask;
    this.#hash = ghash.create(hashKey);
  }

  static async start({ key, iv }: FileKey): Promise<PiecewiseGcm> {
    const imported = await crypto.subtle.importKey("raw", own(key), "AES-CTR", false, ["encrypt"]);
    const block = new Uint8Array(16);
    const hashKey = await counterMode(imported, new Uint8Array(16), block);
    const mask = await counterMode(imported, counter(iv, 1), block);
    return new PiecewiseGcm(imported, iv, hashKey, mask);
  }

  /** Encrypts, or decrypts, the next piece. */
  async crypt(bytes: Uint8Array): Promise<Uint8Array> {
    const start = counter(this.#iv, this.#blocks + 2);
    this.#blocks += Math.ceil(bytes.length / 16);
    return counterMode(this.#key, start, bytes);
  }

  /** Takes the next piece of what is encrypted into the tag. */
  cover(sealed: Uint8Array): void {
    this.#hash.update(sealed);
    this.#covered += sealed.length;
  }

  tag(): Uint8Array {
    const lengths = new DataView(new ArrayBuffer(16));
    lengths.setBigUint64(8, BigInt(this.#covered) * 8n);
    this.#hash.update(new Uint8Array(lengths.buffer));
    return this.#hash.digest().map((byte, i) => byte ^ this.#mask[i]!);
  }
}

function counter(iv: Uint8Array, number: number): Uint8Array {
  const last = new Uint8Array(4);
  new DataView(last.buffer).setUint32(0, number);
  return concat(iv, last);
}

async function counterMode(key: CryptoKey, start: Uint8Array, bytes: Uint8Array): Promise<Uint8Array> {
  const algorithm = { name: "AES-CTR", counter: own(start), length: 32 };
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, key, own(bytes)));
}
