import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

interface View {
  scale: number;
  x: number;
  y: number;
}

const whole: View = { scale: 1, x: 0, y: 0 };
const most = 5;
const swipe = 60;

/** Zooms about a point (from the middle of the frame), so that what is under the fingers stays there. */
export function zoomed(view: View, by: number, point: { x: number; y: number }): View {
  const scale = Math.max(1, Math.min(most, view.scale * by));
  if (scale === 1) return whole;
  const part = scale / view.scale;
  return { scale, x: point.x - (point.x - view.x) * part, y: point.y - (point.y - view.y) * part };
}

/** A picture that two fingers, the wheel or a double press bring nearer, and one finger moves; whole, it is swiped to the next. */
export function Zoom(props: { url: string; label: string; onSwipe: (step: number) => void }): JSX.Element {
  const [view, setView] = useState<View>(whole);
  const [pulled, setPulled] = useState(0);
  const touches = useRef(new Map<number, { x: number; y: number }>());
  const frame = useRef<HTMLDivElement>(null);

  const point = (event: { clientX: number; clientY: number }) => {
    const box = frame.current?.getBoundingClientRect();
    return box
      ? { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 }
      : { x: 0, y: 0 };
  };
  const onMove = (event: PointerEvent) => {
    const before = touches.current.get(event.pointerId);
    if (!before) return;
    const here = point(event);
    touches.current.set(event.pointerId, here);
    const other = [...touches.current].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const distance = (a: { x: number; y: number }) => Math.hypot(a.x - other.x, a.y - other.y) || 1;
      const middle = { x: (here.x + other.x) / 2, y: (here.y + other.y) / 2 };
      setView((old) => zoomed(old, distance(here) / distance(before), middle));
    } else if (view.scale > 1)
      setView((old) => ({ ...old, x: old.x + here.x - before.x, y: old.y + here.y - before.y }));
    else setPulled(pulled + here.x - before.x);
  };
  const onUp = (event: PointerEvent) => {
    touches.current.delete(event.pointerId);
    if (Math.abs(pulled) > swipe) props.onSwipe(pulled > 0 ? -1 : 1);
    setPulled(0);
  };
  return (
    <div
      ref={frame}
      class="zoom"
      onPointerDown={(event) => {
        frame.current?.setPointerCapture(event.pointerId);
        touches.current.set(event.pointerId, point(event));
      }}
      onPointerMove={onMove}
      onPointerUp={onUp}
      onPointerCancel={onUp}
      onDblClick={(event) => {
        setView(view.scale > 1 ? whole : zoomed(view, 2.5, point(event)));
      }}
      onWheel={(event) => {
        event.preventDefault();
        setView(zoomed(view, event.deltaY < 0 ? 1.15 : 1 / 1.15, point(event)));
      }}
    >
      <img
        src={props.url}
        alt={props.label}
        draggable={false}
        style={{ transform: `translate(${view.x + pulled}px, ${view.y}px) scale(${view.scale})` }}
      />
    </div>
  );
}
