import { afterEach, expect, it, vi } from "vitest";
import { fetchFile } from "../../../state/files/fetching.ts";

const URL = "https://elsewhere.test/photo.jpg";
const MB = 1_048_576;

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A server that says one thing of the size, and sends without end. */
function lying(headers: Record<string, string>): { sent: () => number; ended: () => boolean } {
  let sent = 0;
  let ended = false;
  const body = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += MB;
        controller.enqueue(new Uint8Array(MB));
      },
    });
  vi.stubGlobal("fetch", (_url: string, { signal }: RequestInit) => {
    signal?.addEventListener("abort", () => (ended = true));
    return Promise.resolve(new Response(body(), { headers }));
  });
  return { sent: () => sent, ended: () => ended };
}

it.each([
  ["says nothing", {}],
  ["says that it is small", { "content-length": "1000" }],
])("is cut off at the limit where the server %s", async (_, headers: Record<string, string>) => {
  const server = lying(headers);
  await expect(fetchFile(URL, 10 * MB)).rejects.toThrow("It is larger than 10 MB.");
  expect(server.sent()).toBeLessThan(14 * MB);
  expect(server.ended()).toBe(true);
});

it("is not begun where the server says that it is large", async () => {
  const server = lying({ "content-length": String(11 * MB) });
  await expect(fetchFile(URL, 10 * MB)).rejects.toThrow("10 MB");
  expect(server.sent()).toBeLessThan(2 * MB);
  expect(server.ended()).toBe(true);
});

it("is whole below it, and goes without cookies and without where it was asked from", async () => {
  const bytes = Buffer.alloc(9 * MB, "all of it, to the last letter");
  const ask = vi.fn(() => Promise.resolve(new Response(bytes)));
  vi.stubGlobal("fetch", ask);
  const blob = await fetchFile(URL, 10 * MB);
  expect(bytes.equals(Buffer.from(await blob.arrayBuffer()))).toBe(true);
  expect(ask.mock.calls[0]).toMatchObject([URL, { credentials: "omit", referrerPolicy: "no-referrer" }]);
});

it("says when it is gone, and when the server is not there", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("", { status: 404 })));
  await expect(fetchFile(URL)).rejects.toThrow("not kept any more");
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed")));
  await expect(fetchFile(URL)).rejects.toThrow();
});
