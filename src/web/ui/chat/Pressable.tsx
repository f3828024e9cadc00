import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { usePress, type Place } from "../parts/index.ts";

/** A message as a whole: a long press, a right click or Enter opens its menu, a swipe to the right answers it. */
export function Pressable(props: {
  label: string;
  /** Whether the Tab key comes here; arrow keys go on to the others. */
  reachable: boolean;
  /** `on`: what in it was pressed. */
  onMenu: (at: Place, on: EventTarget | null) => void;
  onSwipe: (on: EventTarget | null) => void;
  children: ComponentChildren;
}): JSX.Element {
  const article = useRef<HTMLElement>(null);
  usePress(article, { menu: props.onMenu, swipe: props.onSwipe });
  return (
    <article
      ref={article}
      aria-label={props.label}
      tabIndex={props.reachable ? 0 : -1}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || (event.key !== "Enter" && event.key !== " ")) return;
        event.preventDefault();
        props.onMenu(event.currentTarget, event.target);
      }}
    >
      {props.children}
    </article>
  );
}
