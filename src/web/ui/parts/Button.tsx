import type { ComponentChildren, JSX, Ref } from "preact";
import { Icon, type IconName } from "./Icon.tsx";
import { Spinner } from "./Spinner.tsx";

interface Common {
  onClick?: (event: MouseEvent) => void;
  disabled?: boolean;
  submit?: boolean;
}

/** A button with words. `plain` is the quiet one beside a `primary`; `wrong` is for what cannot be undone. */
export function Button(
  props: Common & {
    children: ComponentChildren;
    look?: "primary" | "plain" | "wrong" | "soft";
    icon?: IconName;
    busy?: boolean;
    wide?: boolean;
  },
): JSX.Element {
  const { look = "primary", busy = false } = props;
  return (
    <button
      type={props.submit ? "submit" : "button"}
      class={`button ${look}${props.wide ? " wide" : ""}`}
      disabled={props.disabled || busy}
      aria-busy={busy}
      onClick={props.onClick}
    >
      {busy ? <Spinner size={20} /> : props.icon && <Icon name={props.icon} size={20} />}
      <span>{props.children}</span>
    </button>
  );
}

/** A button with a picture only; its label is read out and shown as a hint. */
export function IconButton(
  props: Common & {
    icon: IconName;
    label: string;
    look?: "plain" | "primary" | "soft" | "wrong";
    pressed?: boolean;
    expanded?: boolean;
    popup?: "menu" | "dialog";
    size?: number;
    class?: string;
    buttonRef?: Ref<HTMLButtonElement>;
  },
): JSX.Element {
  return (
    <button
      ref={props.buttonRef ?? null}
      type={props.submit ? "submit" : "button"}
      class={`icon-button ${props.look ?? "plain"} ${props.class ?? ""}`}
      aria-label={props.label}
      title={props.label}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      aria-haspopup={props.popup}
      disabled={props.disabled ?? false}
      onClick={props.onClick}
    >
      <Icon name={props.icon} size={props.size ?? 22} />
    </button>
  );
}

/** Goes somewhere, looks like a button. */
export function LinkButton(props: {
  href: string;
  children: ComponentChildren;
  look?: "primary" | "plain" | "soft";
  icon?: IconName;
}): JSX.Element {
  return (
    <a class={`button ${props.look ?? "primary"}`} href={props.href}>
      {props.icon && <Icon name={props.icon} size={20} />}
      <span>{props.children}</span>
    </a>
  );
}
