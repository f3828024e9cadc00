import type { JSX } from "preact";

interface Option<T extends string> {
  value: T;
  label: string;
  count?: number | undefined;
}

/** Small buttons that narrow a list; one is on. */
export function Chips<T extends string>(props: {
  label: string;
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
}): JSX.Element {
  return (
    <div class="chips" role="group" aria-label={props.label}>
      {props.options.map((option) => (
        <button
          key={option.value}
          type="button"
          class="chip"
          aria-pressed={option.value === props.value}
          onClick={() => {
            props.onChange(option.value);
          }}
        >
          {option.label}
          {option.count ? <span class="count">{option.count}</span> : null}
        </button>
      ))}
    </div>
  );
}

/** Pages beside each other; arrow keys go from one to the next. The page itself has the id `ID-VALUE`. */
export function Tabs<T extends string>(props: {
  id: string;
  label: string;
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
}): JSX.Element {
  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    const at = props.options.findIndex((option) => option.value === props.value);
    const next = props.options[(at + step + props.options.length) % props.options.length];
    if (!next) return;
    event.preventDefault();
    props.onChange(next.value);
    document.getElementById(`${props.id}-tab-${next.value}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={props.label} onKeyDown={move}>
      {props.options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="tab"
          id={`${props.id}-tab-${option.value}`}
          aria-selected={option.value === props.value}
          aria-controls={option.value === props.value ? `${props.id}-${option.value}` : undefined}
          tabIndex={option.value === props.value ? 0 : -1}
          onClick={() => {
            props.onChange(option.value);
          }}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
