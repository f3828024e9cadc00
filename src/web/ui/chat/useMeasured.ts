import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Scroll } from "./scroll.ts";

/** After the frame that shows what has just been drawn. */
function afterFrame(act: () => void): void {
  requestAnimationFrame(() => setTimeout(act));
}

/** Measures the lines as they are drawn and as they grow, and the window, so that what is read stays where it is. */
export function useMeasured(
  scroll: Scroll,
  element: RefObject<HTMLElement | null>,
  redraw: () => void,
): void {
  const measure = (rows: Iterable<Element>) => {
    if (scroll.hidden) return;
    const heights: number[] = [];
    for (const row of rows) {
      const height = row.getBoundingClientRect().height;
      heights.push(height);
      scroll.heights.measure((row as HTMLElement).dataset["key"]!, height);
    }
    scroll.measured(heights);
    scroll.settle();
  };
  /** Whose first lines are drawn. */
  const reached = useRef<Scroll | undefined>(undefined);
  const watched = useMemo(() => new WeakSet<Element>(), [scroll]);
  const watcher = useMemo(
    () =>
      new ResizeObserver((entries) => {
        measure(entries.map((entry) => entry.target).filter((row) => row.isConnected));
        if (scroll.outgrown()) redraw();
      }),
    [scroll],
  );
  useEffect(
    () => () => {
      watcher.disconnect();
    },
    [watcher],
  );
  useLayoutEffect(() => {
    if (!element.current) return;
    const rows = element.current.querySelectorAll("[data-key]");
    // What has come at the end is measured by the watcher, with the layout of the frame that shows it.
    if (!scroll.rests) measure(rows);
    for (const row of rows) {
      if (watched.has(row)) continue;
      watched.add(row);
      watcher.observe(row);
    }
    if (reached.current === scroll || rows.length === 0) return;
    reached.current = scroll;
    afterFrame(() => {
      scroll.reachOut();
      redraw();
    });
  });
  useEffect(() => {
    if (!element.current) return;
    const size = new ResizeObserver(() => {
      scroll.resized();
      scroll.settle();
      if (scroll.outgrown()) redraw();
    });
    size.observe(element.current);
    return () => {
      size.disconnect();
    };
  }, [scroll]);
}
