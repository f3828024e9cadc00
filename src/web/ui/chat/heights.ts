/**
 * Which of many lines of unequal heights are on the screen. Everything is measured from the lower end, as a chat is read: what
 * is loaded or measured above never moves what is seen.
 */
export class Heights {
  readonly #heights = new Map<string, number>();
  #keys: readonly string[] = [];
  /** `#below[i]` is how far the upper edge of line i lies above the lower end. */
  #below = new Float64Array(1);
  #index = new Map<string, number>();
  #stale = true;

  /** `guess` is asked once for each line: what is not drawn must not change its height by itself. */
  constructor(private readonly guess: () => number) {}

  set keys(keys: readonly string[]) {
    this.#keys = keys;
    this.#index = new Map(keys.map((key, i) => [key, i]));
    this.#stale = true;
  }

  /** One more name that a line goes by, until there are other lines. */
  also(key: string, name: string): void {
    this.#index.set(name, this.indexOf(key));
  }

  /** Remembers a height; false: it was known. */
  measure(key: string, height: number): boolean {
    if (this.#heights.get(key) === height) return false;
    this.#heights.set(key, height);
    this.#stale = true;
    return true;
  }

  #sums(): Float64Array {
    if (!this.#stale) return this.#below;
    const sums = new Float64Array(this.#keys.length + 1);
    for (let i = this.#keys.length - 1; i >= 0; i--) {
      const key = this.#keys[i]!;
      let height = this.#heights.get(key);
      if (height === undefined) this.#heights.set(key, (height = this.guess()));
      sums[i] = sums[i + 1]! + height;
    }
    this.#below = sums;
    this.#stale = false;
    return sums;
  }

  /** All of them together. */
  get total(): number {
    return this.#sums()[0] ?? 0;
  }

  indexOf(key: string): number {
    return this.#index.get(key) ?? -1;
  }

  /** The upper edge of a line, measured from the lower end. */
  top(key: string): number | undefined {
    const at = this.#index.get(key);
    return at === undefined ? undefined : this.#sums()[at];
  }

  /** The height of all that is below line `end`. */
  after(end: number): number {
    return this.#sums()[Math.min(end, this.#keys.length)] ?? 0;
  }

  /** The height of all that is above line `start`. */
  before(start: number): number {
    const sums = this.#sums();
    return (sums[0] ?? 0) - (sums[start] ?? 0);
  }

  /** The key of the line that covers a distance from the lower end. */
  keyAt(distance: number): string | undefined {
    return this.#keys[this.at(distance)];
  }

  /** The line that covers a distance from the lower end. */
  at(distance: number): number {
    const sums = this.#sums();
    let low = 0;
    let high = this.#keys.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (sums[middle]! > distance) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  /** The lines between two distances from the lower end: from `start` up to, not including, `end`. */
  range(lower: number, upper: number): { start: number; end: number } {
    if (!this.#keys.length) return { start: 0, end: 0 };
    return { start: this.at(upper), end: this.at(Math.max(0, lower)) + 1 };
  }
}
