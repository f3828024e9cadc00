import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Place } from "./Menu.tsx";

const time = 450;
const slack = 10;
/** So far to the right is a swipe. */
const enough = 72;

export interface Press {
  /** A right click, the menu key or a long press; `on` what lies in the element. */
  menu: (at: Place, on: EventTarget | null) => void;
  /** A swipe to the right; the element follows the finger. */
  swipe?: (on: EventTarget | null) => void;
}

/** What one finger does on an element. */
class Finger {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private from: { x: number; y: number } | undefined;
  private sideways = false;
  private held = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly press: () => Press,
  ) {}

  start(event: TouchEvent): void {
    this.stop();
    const touch = event.touches[0];
    if (event.touches.length !== 1 || !touch) return;
    const from = { x: touch.clientX, y: touch.clientY };
    this.from = from;
    this.timer = setTimeout(() => {
      this.stop();
      this.held = true;
      navigator.vibrate?.(10);
      this.press().menu(from, touch.target);
    }, time);
  }

  move(event: TouchEvent): void {
    const touch = event.touches[0];
    if (!touch || !this.from) return;
    const x = touch.clientX - this.from.x;
    const y = Math.abs(touch.clientY - this.from.y);
    if (Math.hypot(x, y) > slack) clearTimeout(this.timer);
    if (!this.press().swipe) return;
    if (!this.sideways && y > slack + 2) this.from = undefined;
    else if (x > 16 && x > y * 2) this.sideways = true;
    if (this.sideways)
      this.element.style.transform = `translateX(${Math.max(0, Math.min(x - 16, enough))}px)`;
  }

  end(event: TouchEvent): void {
    const touch = event.changedTouches[0];
    if (this.sideways && touch && this.from && touch.clientX - this.from.x > enough)
      this.press().swipe?.(touch.target);
    // What was held or pulled aside is not also pressed.
    if ((this.held || this.sideways) && event.cancelable) event.preventDefault();
    this.stop();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.from = undefined;
    this.sideways = this.held = false;
    this.element.style.transform = "";
  }

  menu(event: MouseEvent): void {
    event.preventDefault();
    if (this.held) return;
    this.held = this.from !== undefined;
    clearTimeout(this.timer);
    // The menu key tells no point of its own.
    this.press().menu(
      event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : this.element,
      event.target,
    );
  }
}

/** Right click, the menu key and a long press of a finger (which iOS does not tell as a context menu) open the same menu. */
export function usePress(ref: RefObject<HTMLElement | null>, press: Press): void {
  const latest = useRef(press);
  latest.current = press;
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const finger = new Finger(element, () => latest.current);
    const end = new AbortController();
    const passive = { passive: true, signal: end.signal };
    element.addEventListener(
      "touchstart",
      (event) => {
        finger.start(event);
      },
      passive,
    );
    element.addEventListener(
      "touchmove",
      (event) => {
        finger.move(event);
      },
      passive,
    );
    element.addEventListener(
      "touchend",
      (event) => {
        finger.end(event);
      },
      { signal: end.signal },
    );
    element.addEventListener(
      "touchcancel",
      () => {
        finger.stop();
      },
      passive,
    );
    element.addEventListener(
      "contextmenu",
      (event) => {
        finger.menu(event);
      },
      { signal: end.signal },
    );
    return () => {
      finger.stop();
      end.abort();
    };
  }, []);
}
