import { bars } from "./bars.ts";

/** AAC where the browser can make it, which every other app plays; else Opus. */
const types = ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

export interface Sound {
  blob: Blob;
  name: string;
  duration: number;
  /** 0 to 100, 64 of them. */
  waveform: number[];
}

/** Listens to the microphone until it is told to stop. */
export class Recording {
  readonly levels: number[] = [];
  readonly #parts: Blob[] = [];
  readonly #began = performance.now();
  #timer: ReturnType<typeof setInterval>;

  private constructor(
    private readonly stream: MediaStream,
    private readonly recorder: MediaRecorder,
    private readonly context: AudioContext,
    onLevel: () => void,
  ) {
    recorder.addEventListener("dataavailable", (event) => {
      if (event.data.size) this.#parts.push(event.data);
    });
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Uint8Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getByteTimeDomainData(samples);
      this.levels.push(samples.reduce((most, one) => Math.max(most, Math.abs(one - 128)), 0) / 128);
      onLevel();
    }, 60);
    recorder.start(1000);
  }

  /** Asks for the microphone; throws when the person or the device says no. */
  static async start(onLevel: () => void): Promise<Recording> {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
    const type = types.find((one) => MediaRecorder.isTypeSupported(one));
    const recorder = new MediaRecorder(stream, {
      ...(type ? { mimeType: type } : {}),
      audioBitsPerSecond: 32_000,
    });
    return new Recording(stream, recorder, new AudioContext(), onLevel);
  }

  /** Seconds until now. */
  get seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  #release(): void {
    if (this.context.state === "closed") return;
    clearInterval(this.#timer);
    for (const track of this.stream.getTracks()) track.stop();
    void this.context.close();
  }

  /** Ends it and gives what was said. */
  async stop(): Promise<Sound> {
    const duration = this.seconds;
    const ended = new Promise((done) => {
      this.recorder.addEventListener("stop", done, { once: true });
    });
    if (this.recorder.state !== "inactive") {
      this.recorder.stop();
      await ended;
    }
    this.#release();
    const type = (this.recorder.mimeType || "audio/mp4").split(";")[0]!;
    // Of a sealed file no more than the ending is known: "webm" would be a film.
    const ending = { "audio/mp4": "m4a", "audio/ogg": "ogg" }[type] ?? "weba";
    return {
      blob: new Blob(this.#parts, { type }),
      name: `voice.${ending}`,
      duration,
      waveform: bars(this.levels, 64),
    };
  }

  /** Ends it and forgets it. */
  cancel(): void {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    this.#release();
  }
}
