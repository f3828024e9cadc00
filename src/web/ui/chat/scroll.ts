import { Heights } from "./heights.ts";

/** How far beyond the window lines are drawn, and how close to their end the window may come before more are. */
const ample = { beyond: 1200, margin: 500 };
/** Before the first ones are on the screen. */
const scarce = { beyond: 100, margin: 0 };
/** As near to the end as this, the end is followed. */
const atEnd = 60;

interface Anchor {
  key: string;
  /** How far the line's upper edge is above the window's lower edge. */
  above: number;
}

/**
 * Where a chat is read, and how it stays there. The scroller is `column-reverse`, so the browser itself measures from the lower
 * end; only what changes below the window has to be evened out here.
 */
export class Scroll {
  readonly heights = new Heights(() => this.#average);
  /** From the lower end of all to the lower edge of the window. */
  distance = 0;
  /** Whether the newest line is held in sight as it comes. */
  follow = true;
  #average = 72;
  #element: HTMLElement | undefined;
  #anchor: Anchor | undefined;
  #drawn = { start: 0, end: 0 };
  /** Where the scroller was when last looked at: what differs since is the person's doing. */
  #seen = 0;
  #aimed = false;
  #reach = scarce;

  #view = 0;

  set element(element: HTMLElement) {
    if (this.#element === element) return;
    this.#element = element;
    this.resized();
  }

  /** The window has another height: asked for then alone, so that drawing waits for no layout. */
  resized(): void {
    this.#view = this.#element?.clientHeight ?? 0;
  }

  get view(): number {
    return this.#view || innerHeight;
  }

  /** The lines to draw now. */
  range(): { start: number; end: number } {
    this.#drawn = this.heights.range(
      this.distance - this.#reach.beyond,
      this.distance + this.view + this.#reach.beyond,
    );
    return this.#drawn;
  }

  /** The person scrolled. True: other lines must be drawn. */
  scrolled(latest: boolean): boolean {
    if (!this.#element || this.hidden) return false;
    this.#seen = this.distance = Math.max(0, -this.#element.scrollTop);
    this.follow = latest && this.distance < atEnd;
    this.remember();
    return this.outgrown();
  }

  /** Whether the window comes near the end of what is drawn. */
  outgrown(): boolean {
    const { margin } = this.#reach;
    const needed = this.heights.range(this.distance - margin, this.distance + this.view + margin);
    return needed.start < this.#drawn.start || needed.end > this.#drawn.end;
  }

  /** What is in the window has been seen: from now on what is beyond it is drawn, too. */
  reachOut(): void {
    this.#reach = ample;
  }

  /** Held at the newest line, where the browser itself keeps it as lines come and grow. */
  get rests(): boolean {
    return this.follow && !this.#aimed && this.#seen === 0;
  }

  /** On a phone the chat may lie hidden behind another page: nothing has a height then. */
  get hidden(): boolean {
    return this.#element?.clientHeight === 0;
  }

  /** Holds fast to the lowest line in the window. */
  remember(): void {
    const key = this.heights.keyAt(this.distance);
    const top = key === undefined ? undefined : this.heights.top(key);
    this.#anchor = key === undefined || top === undefined ? undefined : { key, above: top - this.distance };
  }

  /** After drawing or measuring: puts the line held fast where it was. */
  settle(): void {
    if (!this.#element || this.hidden) return;
    const moved = -this.#element.scrollTop - this.#seen;
    if (moved && this.#anchor && !this.#aimed) this.#anchor.above -= moved;
    const top = this.#anchor && this.heights.top(this.#anchor.key);
    if (this.follow) this.distance = 0;
    else if (this.#anchor && top !== undefined) this.distance = Math.max(0, top - this.#anchor.above);
    if (Math.abs(-this.#element.scrollTop - this.distance) >= 1) this.#element.scrollTop = -this.distance;
    this.#seen = -this.#element.scrollTop;
    this.#aimed = false;
    if (!this.#anchor || top === undefined) this.remember();
  }

  /** Takes a line to a part of the window, 0 its upper edge and 1 its lower one. False: there is no such line. */
  aim(key: string, part: number): boolean {
    const top = this.heights.top(key);
    if (top === undefined) return false;
    this.follow = false;
    this.#aimed = true;
    this.#anchor = { key, above: this.view * (1 - part) };
    this.distance = Math.max(0, top - this.#anchor.above);
    return true;
  }

  /** To the newest line. */
  toEnd(): void {
    this.follow = true;
    this.distance = 0;
    this.#aimed = true;
    this.#anchor = undefined;
  }

  /** What an unmeasured line is taken for follows the measured ones. */
  measured(heights: readonly number[]): void {
    if (heights.length < 8) return;
    this.#average = heights.reduce((sum, one) => sum + one, 0) / heights.length;
  }
}
