import { t } from "../../i18n/index.ts";

/** What nobody may have on this device, even when asked for (bytes). */
const LARGEST = 1_073_741_824;
/** Of a large file, what is held as many pieces before the browser may put it on the disk (bytes). */
const FOLD = 4_194_304;

/**
 * Fetches what an attachment's address names, decrypted, and not more than so many bytes: what was said of the size, by
 * the sender or by the server, may be wrong.
 */
export async function fetchFile(url: string, most = LARGEST): Promise<Blob> {
  if (!url.startsWith("aesgcm:")) return load(url, most);
  const { decryptFile, parseFile } = await import("../../omemo/file.ts");
  const file = parseFile(url);
  if (!file) throw new Error(t("error.fileUnreachable"));
  const sealed = await load(file.url, most);
  return decryptFile(sealed, file).catch(() => {
    throw new Error(t("error.fileUnreachable"));
  });
}

async function load(url: string, most: number): Promise<Blob> {
  const abort = new AbortController();
  try {
    const response = await fetch(url, {
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: abort.signal,
    }).catch(() => undefined);
    if (!response?.ok)
      throw new Error(response?.status === 404 ? t("error.fileGone") : t("error.fileUnreachable"));
    if (Number(response.headers.get("content-length")) > most) throw tooLarge(most);
    return await upTo(response, most);
  } finally {
    // What is not wanted any more is not sent on either.
    abort.abort();
  }
}

async function upTo(response: Response, most: number): Promise<Blob> {
  let parts: BlobPart[] = [];
  let [all, loose] = [0, 0];
  const reader = response.body?.getReader();
  for (;;) {
    const read = await reader?.read().catch(() => {
      throw new Error(t("error.fileUnreachable"));
    });
    if (!read || read.done) return new Blob(parts);
    parts.push(read.value as Uint8Array<ArrayBuffer>);
    all += read.value.length;
    loose += read.value.length;
    if (all > most) throw tooLarge(most);
    if (loose < FOLD) continue;
    parts = [new Blob(parts)];
    loose = 0;
  }
}

const tooLarge = (most: number): Error =>
  new Error(t("error.fileLarge", { limit: Math.floor(most / 1_048_576) }));
