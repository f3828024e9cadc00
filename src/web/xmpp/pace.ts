const FIRST = 1_000;
const LONGEST = 30_000;
/** A session that held for so long was a good one: the next attempt comes soon. */
const GOOD = 15_000;

/** When to try again: soon, then ever later up to half a minute, never at the same moment as all the others of the house. */
export class Pace {
  #failures = 0;
  #since: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly attempt: () => void) {}

  /** A session stands. */
  online(): void {
    this.#since = Date.now();
  }

  /**
   * An attempt or a session has failed: the next one comes when its time has.
   * @param late The server has asked for room: as if there had been failures enough.
   */
  failed(late: boolean): void {
    const good = this.#since !== undefined && Date.now() - this.#since >= GOOD;
    this.#since = undefined;
    if (good) this.#failures = 0;
    const longest = Math.min(LONGEST, FIRST * 2 ** (late ? Infinity : this.#failures));
    this.#failures++;
    this.stop();
    this.#timer = setTimeout(
      () => {
        this.now();
      },
      (longest * (1 + Math.random())) / 2,
    );
  }

  /** The next attempt. Without a network the event that says it is back brings it. */
  now(): void {
    if (offline()) return;
    this.stop();
    this.attempt();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  reset(): void {
    this.stop();
    this.#failures = 0;
    this.#since = undefined;
  }
}

const offline = (): boolean => globalThis.navigator?.onLine === false;
