/** Nothing heard for so long: is anybody there? */
const SILENCE = 60_000;
const PATIENCE = 15_000;
/** When there is reason to doubt it. */
const HURRY = 5_000;

/** Whether the other side is still there. */
export class Liveness {
  #heard = Date.now();
  #deadline = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param ask Sends what the server answers at once.
   * @param dead Called when it has not.
   */
  constructor(
    private readonly ask: () => void,
    private readonly dead: () => void,
  ) {}

  heard(): void {
    this.stop();
    this.#heard = Date.now();
  }

  /** Called now and then. */
  check(): void {
    if (Date.now() - this.#heard >= SILENCE) this.#expect(PATIENCE);
  }

  /** There is reason to doubt. */
  doubt(): void {
    this.#expect(HURRY);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#deadline = Infinity;
  }

  #expect(patience: number): void {
    const deadline = Date.now() + patience;
    if (deadline >= this.#deadline) return;
    clearTimeout(this.#timer);
    this.#deadline = deadline;
    this.#timer = setTimeout(this.dead, patience);
    this.ask();
  }
}
