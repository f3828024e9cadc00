import type { Shape } from "../../state/model.ts";
import { bars } from "./bars.ts";

/** Half an hour of speech; what is larger is no voice message (bytes). */
const LARGEST = 2 * 1_048_576;
/** So much is measured without being asked for: of silence few bytes are hours, which all have to be decoded (bytes). */
const BY_ITSELF = 262_144;
/** Enough to see it, and a sixth of the work and memory (Hz). */
const RATE = 8000;
/** Windows that are measured, and samples that are looked at in each. */
const WINDOWS = 256;
const LOOKS = 400;

const known = new Map<string, Promise<Shape | undefined>>();
let last: Promise<unknown> = Promise.resolve();

/**
 * Length and loudness of a sound that came without them, measured one after the other; undefined where that cannot be done.
 * `asked`: somebody wants to hear it. `load` gets it up to so many bytes.
 */
export function shapeOf(
  url: string,
  asked: boolean,
  load: (most: number) => Promise<Blob>,
): Promise<Shape | undefined> {
  const found = known.get(url);
  if (found)
    return asked ? found.then((shape) => shape ?? known.get(url) ?? fresh(url, LARGEST, load)) : found;
  return fresh(url, asked ? LARGEST : BY_ITSELF, load);
}

function fresh(url: string, most: number, load: (most: number) => Promise<Blob>): Promise<Shape | undefined> {
  const made = load(most)
    // What is kept here comes whole, however large.
    .then((blob) => (blob.size > most ? undefined : inTurn(() => measured(blob))))
    // Who presses to hear it is told why it cannot be had.
    .catch(() => undefined);
  known.set(url, made);
  void made.then((shape) => shape ?? known.delete(url));
  return made;
}

function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const made = last.then(act, act);
  last = made;
  return made;
}

/** The browser decodes aside of the page's own thread. */
async function measured(blob: Blob): Promise<Shape> {
  const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await blob.arrayBuffer());
  return { duration: sound.duration, waveform: bars(levels(sound.getChannelData(0)), 64) };
}

/** The peak of each window, 0 to 1, of however long a sound, with bounded work. */
export function levels(samples: Float32Array): number[] {
  const windows = Math.min(WINDOWS, samples.length);
  return Array.from({ length: windows }, (_, number) => {
    const from = Math.floor((number * samples.length) / windows);
    const to = Math.floor(((number + 1) * samples.length) / windows);
    const step = Math.max(1, Math.floor((to - from) / LOOKS));
    let peak = 0;
    for (let at = from; at < to; at += step) peak = Math.max(peak, Math.abs(samples[at]!));
    return Math.min(1, peak);
  });
}
