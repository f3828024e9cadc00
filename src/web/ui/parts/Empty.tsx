import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./Icon.tsx";

/** Nothing here yet, and what to do next. */
export function Empty(props: {
  icon: IconName;
  title: string;
  text?: ComponentChildren;
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={props.icon} size={34} />
      </span>
      <h2>{props.title}</h2>
      {props.text && <p>{props.text}</p>}
      {props.children && <div class="empty-do">{props.children}</div>}
    </div>
  );
}
