/** Ticks that come later than this late: the machine slept, or the page was frozen; before the one before: somebody set the clock. Hidden pages tick once a minute. */
const TICK = 10_000;
const JUMP = 90_000;
const NETWORK = ["online", "offline"];

/** Says when there is reason to believe that the network is another one than a moment ago. */
export class Wake {
  #timer: ReturnType<typeof setInterval> | undefined;
  #last = 0;

  /** @param tick Called every ten seconds or so, with whether time has jumped. */
  constructor(
    private readonly woke: () => void,
    private readonly tick: (jumped: boolean) => void,
  ) {}

  start(): void {
    this.stop();
    this.#last = Date.now();
    this.#timer = setInterval(() => {
      const gap = Date.now() - this.#last;
      this.#last += gap;
      this.tick(gap > JUMP || gap < 0);
    }, TICK);
    for (const event of NETWORK) globalThis.addEventListener?.(event, this.woke);
    globalThis.document?.addEventListener("visibilitychange", this.#seen);
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const event of NETWORK) globalThis.removeEventListener?.(event, this.woke);
    globalThis.document?.removeEventListener("visibilitychange", this.#seen);
  }

  readonly #seen = (): void => {
    if (globalThis.document.visibilityState === "visible") this.woke();
  };
}
