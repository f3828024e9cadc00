import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon, type IconName } from "./Icon.tsx";
import { useModal } from "./modal.ts";

export interface MenuItem {
  label: string;
  icon?: IconName;
  wrong?: boolean;
  /** A switch inside a menu. */
  on?: boolean;
  do: () => void;
}

/** Where a menu opens: at an element, or at a point (right click, long press). */
export type Place = Element | { x: number; y: number };

/** Keeps a box of a size inside the window, below its place when there is room, else above. */
export function position(
  place: { left: number; right: number; top: number; bottom: number },
  box: { width: number; height: number },
  window: { width: number; height: number },
): { left: number; top: number } {
  const edge = 8;
  const fitsRight = place.left + box.width <= window.width - edge;
  const left = fitsRight ? place.left : place.right - box.width;
  const below = place.bottom + 4;
  const top = below + box.height <= window.height - edge ? below : place.top - box.height - 4;
  const clamp = (value: number, most: number) => Math.max(edge, Math.min(value, most));
  return {
    left: clamp(left, window.width - box.width - edge),
    top: clamp(top, window.height - box.height - edge),
  };
}

/** Up and down go through the items, and from the first of them to the row above; left and right along that row. */
function step(menu: HTMLElement, event: KeyboardEvent): void {
  const items = [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
  const above = [...menu.querySelectorAll<HTMLElement>('[role="group"] > button')];
  const from = document.activeElement as HTMLElement;
  const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const next =
    aside !== undefined && above.includes(from)
      ? above[(above.indexOf(from) + aside + above.length) % above.length]
      : down(above.slice(0, 1).concat(items), above.includes(from) ? above[0]! : from, event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function down(all: readonly HTMLElement[], from: HTMLElement, key: string): HTMLElement | undefined {
  const at = all.indexOf(from);
  const last = all.length - 1;
  const next = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last, Home: 0, End: last }[
    key
  ];
  return next === undefined ? undefined : all[next];
}

/** Things to do with something. Arrow keys, Home, End and Escape work; a press beside it closes it. */
export function Menu(props: {
  label: string;
  at: Place;
  items: readonly MenuItem[];
  onClose: () => void;
  /** Above the items: a row of reactions. */
  children?: ComponentChildren;
}): JSX.Element {
  const [spot, setSpot] = useState<{ left: number; top: number }>();
  const dialog = useModal((shown) => {
    const { at } = props;
    const place =
      at instanceof Element
        ? at.getBoundingClientRect()
        : { left: at.x, right: at.x, top: at.y, bottom: at.y };
    const box = { width: shown.offsetWidth, height: shown.offsetHeight };
    setSpot(position(place, box, { width: innerWidth, height: innerHeight }));
  });
  return (
    <dialog
      ref={dialog}
      class="menu"
      aria-label={props.label}
      style={spot ? { left: `${spot.left}px`, top: `${spot.top}px` } : { opacity: 0 }}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) props.onClose();
      }}
      onKeyDown={(event) => {
        if (props.items.length > 0) step(event.currentTarget, event);
      }}
      onContextMenu={(event) => {
        event.preventDefault();
      }}
    >
      {props.children}
      {props.items.length > 0 && (
        <div class="menu-items" role="menu" aria-label={props.label}>
          {props.items.map((item) => (
            <button
              key={item.label}
              type="button"
              role={item.on === undefined ? "menuitem" : "menuitemcheckbox"}
              aria-checked={item.on}
              class={item.wrong ? "wrong" : undefined}
              onClick={() => {
                props.onClose();
                item.do();
              }}
            >
              {item.icon && <Icon name={item.icon} size={20} />}
              <span>{item.label}</span>
              {item.on && <Icon name="check" size={18} />}
            </button>
          ))}
        </div>
      )}
    </dialog>
  );
}
