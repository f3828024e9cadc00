import { useMemo, useRef } from "preact/hooks";
import type { Place } from "./Menu.tsx";

export interface PressHandlers {
  onContextMenu: (event: MouseEvent) => void;
  onTouchStart: (event: TouchEvent) => void;
  onTouchMove: (event: TouchEvent) => void;
  onTouchEnd: (event: TouchEvent) => void;
  onTouchCancel: () => void;
}

const time = 450;
const slack = 10;

/** Right click, the menu key and a long press of a finger (which iOS does not tell as a context menu) open the same menu. */
export function useMenuPress(open: (at: Place) => void): PressHandlers {
  const latest = useRef(open);
  latest.current = open;
  return useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let from = { x: 0, y: 0 };
    let opened = false;
    const stop = () => {
      clearTimeout(timer);
      timer = undefined;
    };
    return {
      onContextMenu(event) {
        event.preventDefault();
        stop();
        if (opened) return;
        opened = timer !== undefined;
        const target = event.currentTarget as Element;
        // The menu key tells no point of its own.
        latest.current(event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : target);
      },
      onTouchStart(event) {
        opened = false;
        const touch = event.touches[0];
        if (event.touches.length !== 1 || !touch) return stop();
        from = { x: touch.clientX, y: touch.clientY };
        timer = setTimeout(() => {
          timer = undefined;
          opened = true;
          navigator.vibrate?.(10);
          latest.current(from);
        }, time);
      },
      onTouchMove(event) {
        const touch = event.touches[0];
        if (touch && Math.hypot(touch.clientX - from.x, touch.clientY - from.y) > slack) stop();
      },
      onTouchEnd(event) {
        stop();
        // What was held is not also pressed.
        if (opened && event.cancelable) event.preventDefault();
      },
      onTouchCancel: stop,
    };
  }, []);
}
