/** The browser's own reader (Shape Detection API), which not every one has. */
interface Detector {
  detect(source: ImageBitmapSource): Promise<readonly { rawValue: string }[]>;
}
interface DetectorMaker {
  new (options: { formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

/** Finds the text of the first code in a picture. */
export type Reader = (source: ImageBitmapSource) => Promise<string | undefined>;

let reader: Promise<Reader | undefined> | undefined;

async function make(): Promise<Reader | undefined> {
  const maker = (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector;
  if (!maker || !(await maker.getSupportedFormats()).includes("qr_code")) return undefined;
  const detector = new maker({ formats: ["qr_code"] });
  return async (source) => (await detector.detect(source))[0]?.rawValue;
}

/** Undefined where this browser reads no codes. */
export function codeReader(): Promise<Reader | undefined> {
  return (reader ??= make().catch(() => undefined));
}

/** The text of a code in a photo; undefined when there is none that can be read. */
export async function codeIn(photo: Blob): Promise<string | undefined> {
  const read = await codeReader();
  if (!read) return undefined;
  const picture = await createImageBitmap(photo).catch(() => undefined);
  if (!picture) return undefined;
  try {
    return await read(picture);
  } finally {
    picture.close();
  }
}

/**
 * Shows the camera in `video` and looks for a code about six times a second, until one is found or `stop` is called (then
 * undefined). Throws when there is no camera, it may not be used, or no code could be read anyway.
 */
export async function watch(
  video: HTMLVideoElement,
  stop: AbortSignal,
  onRunning: () => void,
): Promise<string | undefined> {
  const read = await codeReader();
  if (!read || !("mediaDevices" in navigator)) throw new Error("no reader");
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1280 } },
  });
  try {
    if (stop.aborted) return undefined;
    video.srcObject = stream;
    await video.play();
    onRunning();
    while (!stop.aborted) {
      const text =
        video.readyState >= video.HAVE_CURRENT_DATA ? await read(video).catch(() => undefined) : undefined;
      if (text) return text;
      await new Promise((next) => setTimeout(next, 160));
    }
    return undefined;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}
