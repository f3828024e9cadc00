/** The browser's own reader (Shape Detection API), which few have. */
interface Detector {
  detect(source: Source): Promise<readonly { rawValue: string }[]>;
}
interface DetectorMaker {
  new (options: { formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

type Source = HTMLVideoElement | ImageBitmap;

/** Finds the text of the first code in a picture. */
type Reader = (source: Source) => Promise<string | undefined>;

/** Longer sides that a picture is looked at with: a code that fills it is found in little, a small one in much. */
const sides = [640, 1280];

function drawn(source: Source, side: number): ImageData | undefined {
  const [width, height] =
    source instanceof HTMLVideoElement
      ? [source.videoWidth, source.videoHeight]
      : [source.width, source.height];
  const scale = Math.min(1, side / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context || !canvas.width || !canvas.height) return undefined;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

async function own(): Promise<Reader> {
  const { readCode } = await import("./qr/read.ts");
  return (source) => {
    for (const side of source instanceof HTMLVideoElement ? sides.slice(0, 1) : sides) {
      const picture = drawn(source, side);
      const text = picture && readCode(picture.data, picture.width, picture.height);
      if (text) return Promise.resolve(text);
    }
    return Promise.resolve(undefined);
  };
}

async function theirs(): Promise<Reader | undefined> {
  const maker = (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector;
  if (!maker || !(await maker.getSupportedFormats()).includes("qr_code")) return undefined;
  const detector = new maker({ formats: ["qr_code"] });
  return async (source) => (await detector.detect(source))[0]?.rawValue;
}

let reader: Promise<Reader> | undefined;

/** The browser's reader where there is one, else ours. */
function codeReader(): Promise<Reader> {
  return (reader ??= theirs()
    .catch(() => undefined)
    .then((found) => found ?? own()));
}

/** The text of a code in a photo; undefined when there is none that can be read. */
export async function codeIn(photo: Blob): Promise<string | undefined> {
  const picture = await createImageBitmap(photo).catch(() => undefined);
  if (!picture) return undefined;
  try {
    return await (
      await codeReader()
    )(picture);
  } finally {
    picture.close();
  }
}

/**
 * Shows the camera in `video` and looks for a code some times a second, until one is found or `stop` is called (then undefined).
 * Throws when there is no camera, or it may not be used.
 */
export async function watch(
  video: HTMLVideoElement,
  stop: AbortSignal,
  onRunning: () => void,
): Promise<string | undefined> {
  // Where the page was not opened safely there is none.
  if (!("mediaDevices" in navigator)) throw new Error("no camera");
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1280 } },
  });
  try {
    if (stop.aborted) return undefined;
    const read = await codeReader();
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
