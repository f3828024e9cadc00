import { signal } from "@preact/signals";

/** One voice at a time: what plays now, by the id of its message. */
export const playing = signal<string | undefined>(undefined);
export const paused = signal(true);
/** Seconds into it. */
export const position = signal(0);
/** Why it cannot be heard here. */
export const unplayable = signal<string | undefined>(undefined);

const rates = [1, 1.5, 2] as const;
export const rate = signal<number>(1);

let audio: HTMLAudioElement | undefined;

function element(): HTMLAudioElement {
  if (audio) return audio;
  const made = new Audio();
  made.addEventListener("timeupdate", () => {
    position.value = made.currentTime;
  });
  made.addEventListener("pause", () => {
    paused.value = true;
  });
  made.addEventListener("play", () => {
    paused.value = false;
  });
  made.addEventListener("error", () => {
    if (made.getAttribute("src")) unplayable.value = playing.value;
  });
  made.addEventListener("ended", () => {
    position.value = 0;
    playing.value = undefined;
  });
  audio = made;
  return made;
}

/** Plays a message's sound from a part (0 to 1) of it, or goes on where it was. */
export async function play(message: string, url: string, from?: number): Promise<void> {
  const made = element();
  unplayable.value = undefined;
  if (playing.value !== message) {
    playing.value = message;
    position.value = 0;
    made.src = url;
  }
  made.playbackRate = rate.value;
  try {
    await made.play();
    if (from !== undefined && Number.isFinite(made.duration)) made.currentTime = from * made.duration;
  } catch (error) {
    // A newer press has begun something else.
    if (!(error instanceof DOMException && error.name === "AbortError")) unplayable.value = message;
  }
}

export function pause(): void {
  audio?.pause();
}

/** To a time in what plays now. */
export function seek(seconds: number): void {
  if (audio) audio.currentTime = seconds;
  position.value = seconds;
}

export function nextRate(): void {
  const at = rates.findIndex((one) => one === rate.value);
  rate.value = rates[(at + 1) % rates.length]!;
  if (audio) audio.playbackRate = rate.value;
}
