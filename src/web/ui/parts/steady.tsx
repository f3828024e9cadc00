import { Component, type FunctionComponent, type JSX } from "preact";

/** The same component, drawn anew only when one of its props is another one, or when something that it reads itself changes. */
export function steady<P extends object>(Made: FunctionComponent<P>): new (props: P) => Component<P> {
  return class Steady extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return !alike(this.props, next);
    }

    override render(): JSX.Element {
      return <Made {...(this.props as P)} />;
    }
  };
}

function alike<P extends object>(before: Readonly<P>, next: Readonly<P>): boolean {
  const keys = Object.keys(next) as (keyof P)[];
  return keys.length === Object.keys(before).length && keys.every((key) => before[key] === next[key]);
}
