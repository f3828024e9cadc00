import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

/** On or off, taking effect at once. */
export function Switch(props: {
  label: string;
  hint?: ComponentChildren;
  on: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
}): JSX.Element {
  const id = useId();
  return (
    <label class="switch">
      <span class="words">
        <span>{props.label}</span>
        {props.hint && (
          <small id={`${id}-hint`} class="hint">
            {props.hint}
          </small>
        )}
      </span>
      <input
        type="checkbox"
        role="switch"
        checked={props.on}
        disabled={props.disabled}
        aria-label={props.label}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        onChange={(event) => {
          props.onChange(event.currentTarget.checked);
        }}
      />
      <span class="track" aria-hidden="true" />
    </label>
  );
}

/** One of several, all in view. */
export function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: readonly { value: T; label: string; hint?: string }[];
  onChange: (value: T) => void;
}): JSX.Element {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend>{props.label}</legend>
      {props.options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            checked={option.value === props.value}
            onChange={() => {
              props.onChange(option.value);
            }}
          />
          <span>
            {option.label}
            {option.hint && <small class="hint">{option.hint}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
