import type { JSX } from "preact";
import { Icon } from "../parts/index.ts";
import { choose, chosen } from "./selection.ts";

/** Over a message, while some are chosen: a press anywhere on its line takes it in or leaves it out. */
export function Choosable({ id, label }: { id: string; label: string }): JSX.Element | null {
  const all = chosen.value;
  if (!all) return null;
  const on = all.has(id);
  return (
    <button
      type="button"
      class="choosable"
      role="checkbox"
      aria-checked={on}
      aria-label={label}
      onClick={() => {
        choose(id);
      }}
    >
      <span class="choosable-mark">{on && <Icon name="check" size={16} />}</span>
    </button>
  );
}
