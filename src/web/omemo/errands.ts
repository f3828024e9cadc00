/**
 * Things to do on the network once the present step is stored: each has a name, so that the same one waits only once.
 * They run one after another, none while `held`; one that fails (there is no connection) waits for the next round.
 */
export class Errands {
  readonly #waiting = new Map<string, () => Promise<void>>();
  readonly #failed: (error: unknown) => void;
  #running: Promise<void> | undefined;
  #held = true;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  add(name: string, work: () => Promise<void>): void {
    if (!this.#waiting.has(name)) this.#waiting.set(name, work);
    this.#begin();
  }

  /** It is no longer needed. */
  drop(name: string): void {
    this.#waiting.delete(name);
  }

  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#begin();
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  #begin(): void {
    if (!this.#held) this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    await Promise.resolve();
    const failed: (readonly [string, () => Promise<void>])[] = [];
    while (!this.#held && this.#waiting.size > 0) {
      const [name, work] = this.#waiting.entries().next().value!;
      this.#waiting.delete(name);
      try {
        await work();
      } catch (error) {
        this.#failed(error);
        failed.push([name, work]);
      }
    }
    // Rather the one that has begun than another one that was added meanwhile: it may hold what could not be sent.
    for (const [name, work] of failed) this.#waiting.set(name, work);
    this.#running = undefined;
  }
}
