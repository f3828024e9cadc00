import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { limits, moved, zoomed, type Crop, type Size } from "./crop.ts";

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-0.03, 0],
  ArrowRight: [0.03, 0],
  ArrowUp: [0, -0.03],
  ArrowDown: [0, 0.03],
};

/** A picture under a square window: pushed by finger, mouse or arrow keys, and brought nearer by two fingers, wheel or slider. */
export function CropView(props: {
  url: string;
  size: Size;
  crop: Crop;
  onChange: (crop: Crop) => void;
}): JSX.Element {
  const { crop, size, onChange } = props;
  const fingers = useRef(new Map<number, { x: number; y: number }>());
  const place = (event: PointerEvent | WheelEvent, box: Element) => {
    const edge = box.getBoundingClientRect();
    return { x: (event.clientX - edge.left) / edge.width, y: (event.clientY - edge.top) / edge.height };
  };
  const move = (event: PointerEvent, box: Element) => {
    const before = fingers.current.get(event.pointerId);
    if (!before) return;
    const now = place(event, box);
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    fingers.current.set(event.pointerId, now);
    if (!other) onChange(moved(crop, size, now.x - before.x, now.y - before.y));
    else {
      const apart = (a: { x: number; y: number }) => Math.hypot(a.x - other.x, a.y - other.y) || 0.01;
      const centre = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
      onChange(zoomed(crop, size, (crop.scale * apart(now)) / apart(before), centre));
    }
  };
  const lift = (event: PointerEvent) => {
    fingers.current.delete(event.pointerId);
  };
  const { least, most } = limits(size);
  const nearness = most > least ? Math.log(crop.scale / least) / Math.log(most / least) : 0;
  return (
    <div class="crop">
      <div
        class="crop-window"
        tabIndex={0}
        role="group"
        aria-label={t("crop.window")}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          fingers.current.set(event.pointerId, place(event, event.currentTarget));
        }}
        onPointerMove={(event) => {
          move(event, event.currentTarget);
        }}
        onPointerUp={lift}
        onPointerCancel={lift}
        onWheel={(event) => {
          event.preventDefault();
          const factor = Math.exp(-event.deltaY / 500);
          onChange(zoomed(crop, size, crop.scale * factor, place(event, event.currentTarget)));
        }}
        onKeyDown={(event) => {
          const step = steps[event.key];
          if (!step) return;
          event.preventDefault();
          onChange(moved(crop, size, step[0], step[1]));
        }}
      >
        <img
          src={props.url}
          alt=""
          draggable={false}
          style={{
            width: `${crop.scale * size.width * 100}%`,
            height: `${crop.scale * size.height * 100}%`,
            left: `${crop.x * 100}%`,
            top: `${crop.y * 100}%`,
          }}
        />
      </div>
      <input
        type="range"
        min="0"
        max="1"
        step="0.01"
        aria-label={t("crop.zoom")}
        value={nearness}
        disabled={most <= least}
        onInput={(event) => {
          const scale = least * (most / least) ** Number(event.currentTarget.value);
          onChange(zoomed(crop, size, scale));
        }}
      />
      <p class="hint">{t("crop.hint")}</p>
    </div>
  );
}
