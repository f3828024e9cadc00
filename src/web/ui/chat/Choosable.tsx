import type { JSX } from "preact";
import type { Message } from "../../state/model.ts";
import { Icon } from "../parts/index.ts";
import { choose, chosen } from "./selection.ts";

/** Over messages, while some are chosen: a press anywhere on their line takes them in or leaves them out. */
export function Choosable({
  messages,
  label,
}: {
  messages: readonly Message[];
  label: string;
}): JSX.Element | null {
  const all = chosen.value;
  if (!all) return null;
  const on = messages.every(({ id }) => all.has(id));
  return (
    <button
      type="button"
      class="choosable"
      role="checkbox"
      aria-checked={on}
      aria-label={label}
      onClick={() => {
        choose(...messages.map(({ id }) => id));
      }}
    >
      <span class="choosable-mark">{on && <Icon name="check" size={16} />}</span>
    </button>
  );
}
