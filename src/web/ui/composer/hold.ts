import { useEffect, useRef, useState } from "preact/hooks";

/** A press shorter than this (milliseconds) was a tap: the recording goes on until it is told to stop. */
export const TAP = 700;
/** Slid so far aside while held, it is thrown away; so far up, it goes on by itself (pixels). */
export const ASIDE = 100;
export const UP = 70;

export interface Slide {
  /** To the left, and up, from where the finger came down: never less than nothing. */
  aside: number;
  up: number;
}

/** The way that a finger has gone, along the direction in which it has gone furthest. */
export function slide(x: number, y: number): Slide {
  const [aside, up] = [Math.max(0, -x), Math.max(0, -y)];
  return aside >= up ? { aside, up: 0 } : { aside: 0, up };
}

/** What a slide so far means; undefined: nothing yet. */
export function meant({ aside, up }: Slide): "discard" | "lock" | undefined {
  if (aside >= ASIDE) return "discard";
  return up >= UP ? "lock" : undefined;
}

const still: Slide = { aside: 0, up: 0 };

/** Follows a finger that holds a button; `onEnd` hears once what became of it. */
export function useHold(held: boolean, onEnd: (how: "send" | "discard" | "lock") => void): Slide {
  const end = useRef(onEnd);
  end.current = onEnd;
  const [slid, setSlid] = useState(still);
  useEffect(() => {
    if (!held) return;
    const began = performance.now();
    const over = new AbortController();
    const { signal } = over;
    const done = (how: "send" | "discard" | "lock") => {
      over.abort();
      setSlid(still);
      end.current(how);
    };
    let from: { x: number; y: number } | undefined;
    addEventListener(
      "pointermove",
      ({ clientX: x, clientY: y }) => {
        from ??= { x, y };
        const now = slide(x - from.x, y - from.y);
        setSlid(now);
        const how = meant(now);
        if (how) done(how);
      },
      { signal },
    );
    addEventListener(
      "pointerup",
      () => {
        done(performance.now() - began < TAP ? "lock" : "send");
      },
      { signal },
    );
    // The system took the finger away: the recording goes on until it is told to stop.
    addEventListener(
      "pointercancel",
      () => {
        done("lock");
      },
      { signal },
    );
    return () => {
      over.abort();
    };
  }, [held]);
  return slid;
}
