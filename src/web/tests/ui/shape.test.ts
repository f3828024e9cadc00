import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { levels, shapeOf } from "../../ui/media/shape.ts";

let decoding = 0;
let most = 0;

/** As much of a browser's decoder as is used; the bytes are the samples, and a sound of none cannot be decoded. */
class Decoder {
  constructor(
    readonly channels: number,
    readonly length: number,
    readonly rate: number,
  ) {}

  async decodeAudioData(bytes: ArrayBuffer) {
    most = Math.max(most, ++decoding);
    await Promise.resolve();
    decoding--;
    if (bytes.byteLength === 0) throw new DOMException("no sound", "EncodingError");
    const samples = Float32Array.from(new Uint8Array(bytes), (one) => one / 255);
    return { duration: samples.length / this.rate, getChannelData: () => samples };
  }
}

beforeEach(() => {
  most = 0;
  vi.stubGlobal("OfflineAudioContext", Decoder);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const sound = (count: number) =>
  new Blob([Uint8Array.from({ length: count }, (_, at) => (at * 255) / count)]);

it("a sound that came without its shape has one of sixty-four bars, and a length", async () => {
  const shape = await shapeOf("aesgcm://1", false, () => Promise.resolve(sound(16_000)));
  expect(shape?.duration).toBe(2);
  expect(shape?.waveform).toHaveLength(64);
  expect(shape?.waveform).toEqual(shape?.waveform.toSorted((a, b) => a - b));
  expect(shape?.waveform.at(-1)).toBe(100);
});

it("is measured once, and one after the other", async () => {
  const load = vi.fn(() => Promise.resolve(sound(800)));
  await Promise.all(["a", "b", "a", "c"].map((url) => shapeOf(`aesgcm://${url}`, false, load)));
  await shapeOf("aesgcm://a", false, load);
  expect(load).toHaveBeenCalledTimes(3);
  expect(most).toBe(1);
});

it("is left as it is where it cannot be had or read, and tried again later", async () => {
  expect(await shapeOf("aesgcm://x", false, () => Promise.reject(new Error("gone")))).toBeUndefined();
  expect(await shapeOf("aesgcm://x", false, () => Promise.resolve(new Blob([])))).toBeUndefined();
  expect(await shapeOf("aesgcm://x", false, () => Promise.resolve(sound(800)))).toBeDefined();
});

it("waits for a tap where it is large, and is never measured where it is no voice message", async () => {
  const [large, huge] = [300_000, 3_000_000].map((count) => () => Promise.resolve(sound(count)));
  expect(await shapeOf("aesgcm://l", false, large!)).toBeUndefined();
  expect(most).toBe(0);
  expect(await shapeOf("aesgcm://l", true, large!)).toBeDefined();
  expect(await shapeOf("aesgcm://h", true, huge!)).toBeUndefined();
  // Somebody taps while it is looked at.
  const first = shapeOf("aesgcm://m", false, large!);
  expect(await shapeOf("aesgcm://m", true, large!)).toBeDefined();
  expect(await first).toBeUndefined();
});

it("costs no more for hours than for seconds", () => {
  const hours = { length: 100_000_000, reads: 0 };
  const samples = new Proxy(hours, {
    get: (all, key) => (key === "length" ? all.length : (all.reads++, 0.5)),
  });
  expect(levels(samples as unknown as Float32Array)).toHaveLength(256);
  expect(hours.reads).toBeLessThan(256 * 402);
});
