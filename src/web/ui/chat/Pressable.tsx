import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { useMenuPress, type Place } from "../parts/index.ts";

const enough = 56;

/** A message as a whole: a long press, a right click or Enter opens its menu, a swipe to the right answers it. */
export function Pressable(props: {
  label: string;
  onMenu: (at: Place) => void;
  onSwipe: () => void;
  children: ComponentChildren;
}): JSX.Element {
  const press = useMenuPress(props.onMenu);
  const from = useRef<{ x: number; y: number; sideways: boolean } | undefined>(undefined);
  const move = (element: HTMLElement, by: number) => {
    element.style.translate = by ? `${by}px` : "";
  };
  return (
    <article
      aria-label={props.label}
      tabIndex={-1}
      {...press}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || (event.key !== "Enter" && event.key !== " ")) return;
        event.preventDefault();
        props.onMenu(event.currentTarget);
      }}
      onTouchStart={(event) => {
        press.onTouchStart(event);
        const touch = event.touches[0];
        if (touch) from.current = { x: touch.clientX, y: touch.clientY, sideways: false };
      }}
      onTouchMove={(event) => {
        press.onTouchMove(event);
        const touch = event.touches[0];
        if (!touch || !from.current) return;
        const [x, y] = [touch.clientX - from.current.x, Math.abs(touch.clientY - from.current.y)];
        if (!from.current.sideways && y > 12) from.current = undefined;
        else if (x > 16 && x > y * 2) from.current.sideways = true;
        if (from.current?.sideways) move(event.currentTarget, Math.max(0, Math.min(x - 16, enough + 16)));
      }}
      onTouchEnd={(event) => {
        press.onTouchEnd(event);
        const touch = event.changedTouches[0];
        if (from.current?.sideways && touch && touch.clientX - from.current.x > enough + 16) props.onSwipe();
        from.current = undefined;
        move(event.currentTarget, 0);
      }}
      onTouchCancel={(event) => {
        press.onTouchCancel();
        from.current = undefined;
        move(event.currentTarget, 0);
      }}
    >
      {props.children}
    </article>
  );
}
