import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/** When the row that has the focus goes out of the page, the one that is seen now takes it, so that keys go on to scroll the list. */
export function useFollowing(scroller: RefObject<HTMLElement | null>, seen: () => number): void {
  const had = useRef<Element | null>(null);
  useEffect(() => {
    const remember = () => {
      // Who scrolls by hand has no need of it.
      had.current = document.activeElement?.matches(":focus-visible") ? document.activeElement : null;
    };
    const body = scroller.current;
    body?.addEventListener("focusin", remember);
    return () => body?.removeEventListener("focusin", remember);
  }, [scroller]);
  useLayoutEffect(() => {
    if (!had.current || had.current.isConnected) return;
    had.current = null;
    if (document.activeElement !== document.body) return;
    const rows = [...(scroller.current?.querySelectorAll<HTMLElement>("li > a") ?? [])];
    // A long way is scrolled faster than its rows are drawn.
    (rows[seen()] ?? rows.at(-1))?.focus({ preventScroll: true });
  });
}
