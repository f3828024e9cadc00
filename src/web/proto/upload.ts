import { x } from "../xmpp/xml.ts";
import type { Asker } from "./asker.ts";
import { N } from "./ns.ts";

export interface Slot {
  put: string;
  get: string;
  headers: [string, string][];
}

/** The largest file that the service takes; undefined where it does not say. */
export const MAX_FIELD = "max-file-size";

export async function slot(
  stream: Asker,
  service: string,
  name: string,
  size: number,
  type: string,
): Promise<Slot> {
  const ask = x("request", { xmlns: N.upload, filename: name, size, "content-type": type || undefined });
  const answer = (await stream.request(x("iq", { type: "get", to: service }, ask))).getChild(
    "slot",
    N.upload,
  );
  const put = answer?.getChild("put");
  const get = answer?.getChild("get")?.attrs.url;
  if (!put?.attrs.url || !get) throw new Error("no slot");
  const allowed = ["authorization", "cookie", "expires"];
  const headers = put
    .getChildren("header")
    .map((header): [string, string] => [header.attrs.name ?? "", header.getText()])
    .filter(([name]) => allowed.includes(name.toLowerCase()));
  return { put: put.attrs.url, get, headers };
}

/** Sends the bytes; `fetch` tells no progress of what goes up, so this is `XMLHttpRequest`. */
export function upload(
  slot: Slot,
  blob: Blob,
  type: string,
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", slot.put);
    if (type) request.setRequestHeader("Content-Type", type);
    for (const [name, value] of slot.headers) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => progress(event.total > 0 ? event.loaded / event.total : 0);
    request.onload = () =>
      request.status >= 200 && request.status < 300 ? resolve() : reject(new UploadRefused(request.status));
    request.onerror = () => reject(new UploadRefused(0));
    request.onabort = () => reject(signal.reason);
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(blob);
  });
}

/** The status of HTTP; 0 when the network failed. */
export class UploadRefused extends Error {
  constructor(readonly status: number) {
    super(`HTTP ${status}`);
  }
}
