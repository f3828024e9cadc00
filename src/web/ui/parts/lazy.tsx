import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Fetches a component when it is first needed. */
export type Load<P> = () => Promise<ComponentType<P>>;

/** A component whose code comes when it is first drawn; nothing is seen until then. */
export function lazy<P extends object>(load: Load<P>): (props: P) => JSX.Element | null {
  let known: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    const [Made, setMade] = useState<ComponentType<P> | undefined>(() => known);
    useEffect(() => {
      if (Made) return;
      let wanted = true;
      void load().then((made) => {
        known = made;
        if (wanted) setMade(() => made);
      });
      return () => {
        wanted = false;
      };
    }, []);
    return Made ? <Made {...props} /> : null;
  };
}
