import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { Icon } from "../parts/index.ts";

/** Held, it records as long as it is held; pressed once, until it is told to stop. */
export function Mic({
  onStart,
  onRelease,
}: {
  onStart: (how: "held" | "free") => void;
  onRelease: () => void;
}): JSX.Element {
  const held = useRef(false);
  return (
    <button
      type="button"
      class="icon-button primary mic"
      aria-label={t("composer.speak")}
      title={t("composer.speak")}
      onPointerDown={(event) => {
        held.current = event.pointerType !== "mouse";
        if (held.current) onStart("held");
      }}
      onPointerUp={onRelease}
      onPointerCancel={onRelease}
      onClick={() => {
        if (!held.current) onStart("free");
        held.current = false;
      }}
      onKeyDown={() => {
        held.current = false;
      }}
      onContextMenu={(event) => {
        event.preventDefault();
      }}
    >
      <Icon name="mic" />
    </button>
  );
}
