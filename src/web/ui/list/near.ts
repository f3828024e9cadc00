import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useFollowing } from "./following.ts";

/** A list as short as this is in the page as a whole. */
const short = 80;
/** How many rows beyond the window are in the page, and in steps of how many they come and go. */
const beyond = 20;
const step = 10;

/** Where somebody looks: the height of a row, of the window, and how far its upper edge is below the first row's. */
export interface Look {
  row: number;
  view: number;
  top: number;
}

/** Rows in the page, from `start` up to, not including, `end`; and how high those before and after them are. */
export interface Near {
  start: number;
  end: number;
  before: number;
  after: number;
}

/** Which of `count` rows of one height are near the window. */
export function near(count: number, { row, view, top }: Look): Near {
  if (count <= short) return { start: 0, end: count, before: 0, after: 0 };
  const stepped = (at: number) => Math.floor(at / step) * step;
  // The list may have become shorter than where the window was.
  const first = Math.min(Math.max(0, Math.floor(top / row)), count - 1);
  const start = Math.max(0, stepped(first - beyond));
  const end = Math.min(count, stepped(first + Math.ceil(view / row) + beyond) + step);
  return { start, end, before: start * row, after: (count - end) * row };
}

/** Which rows of a list are in the page, as it is scrolled. */
export function useNear(count: number, scroller: RefObject<HTMLElement | null>): Near {
  const [look, setLook] = useState<Look>({ row: 72, view: 800, top: 0 });
  const drawn = near(count, look);
  const latest = useRef({ count, look, drawn });
  latest.current = { count, look, drawn };
  const long = count > short;
  useEffect(() => {
    const body = scroller.current;
    if (!body || !long) return;
    const again = () => {
      const { count, look, drawn } = latest.current;
      const { clientHeight: view, scrollTop: top } = body;
      // Behind another page of a phone nothing has a height.
      if (!view) return;
      const seen = body.querySelectorAll("li")[Math.floor(top / look.row) - drawn.start];
      const next = { row: seen?.offsetHeight ?? look.row, view, top };
      const { start, end } = near(count, next);
      if (start !== drawn.start || end !== drawn.end || next.row !== look.row) setLook(next);
    };
    const size = new ResizeObserver(again);
    size.observe(body);
    body.addEventListener("scroll", again, { passive: true });
    return () => {
      size.disconnect();
      body.removeEventListener("scroll", again);
    };
  }, [long, scroller]);
  useFollowing(scroller, () => Math.ceil((scroller.current?.scrollTop ?? 0) / look.row) - drawn.start);
  return drawn;
}
