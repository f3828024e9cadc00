import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { ChatView } from "../../state/client.ts";
import { contents } from "./contents.ts";

/** Says what arrives to those who hear the page. */
export function Announce({ view }: { view: ChatView }): JSX.Element {
  const last = view.messages.value.at(-1);
  const first = useRef(last?.id);
  const said = last && !last.own && last.id !== first.current && view.latest.value;
  // A notice is said by nobody.
  const text = said && [last.who, contents(last)].filter(Boolean).join(": ");
  return (
    <div class="unseen" aria-live="polite">
      {text ?? ""}
    </div>
  );
}
