import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./Icon.tsx";

interface Words {
  title: ComponentChildren;
  text?: ComponentChildren;
  /** Before the words: an `Avatar` or an icon. */
  before?: ComponentChildren;
  icon?: IconName;
  /** After them, outside of what is pressed: a button, a badge. */
  after?: ComponentChildren;
  wrong?: boolean;
}

/** A line of a list: goes somewhere (`href`), does something (`onClick`), is chosen (`checked`), or only says something. */
export function Row(
  props: Words & {
    href?: string;
    /** `href` leads to a page of others, which learns nothing of this one. */
    outside?: boolean;
    onClick?: (event: MouseEvent) => void;
    checked?: boolean;
    current?: boolean;
    disabled?: boolean;
  },
): JSX.Element {
  const inside = (
    <>
      {props.before ??
        (props.icon && (
          <span class="row-icon">
            <Icon name={props.icon} />
          </span>
        ))}
      <span class="words">
        <span class="title">{props.title}</span>
        {props.text !== undefined && <span class="text">{props.text}</span>}
      </span>
    </>
  );
  const look = `row${props.wrong ? " wrong" : ""}${props.current ? " current" : ""}`;
  return (
    <div class={look}>
      {props.href !== undefined ? (
        <a
          class="row-main"
          href={props.href}
          aria-current={props.current ? "true" : undefined}
          {...(props.outside && { target: "_blank", rel: "noopener noreferrer nofollow" })}
        >
          {inside}
        </a>
      ) : props.onClick ? (
        <button
          type="button"
          class="row-main"
          disabled={props.disabled}
          role={props.checked === undefined ? undefined : "checkbox"}
          aria-checked={props.checked}
          onClick={props.onClick}
        >
          {inside}
          {props.checked !== undefined && (
            <span class={props.checked ? "tick on" : "tick"}>
              {props.checked && <Icon name="check" size={16} />}
            </span>
          )}
        </button>
      ) : (
        <div class="row-main">{inside}</div>
      )}
      {props.after}
    </div>
  );
}

/** A heading over rows of its own kind. */
export function Section(props: {
  title?: string;
  children: ComponentChildren;
  hint?: ComponentChildren;
}): JSX.Element {
  return (
    <section class="section">
      {props.title && <h3>{props.title}</h3>}
      {props.children}
      {props.hint && <p class="hint">{props.hint}</p>}
    </section>
  );
}
