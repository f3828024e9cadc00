import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ChatView } from "../../state/client.ts";
import type { Scroll } from "./scroll.ts";

/** Where in the window a line comes to lie that one goes to (0 is its upper edge): the first unread one, and one that was named. */
const unreadAt = 0.25;
const namedAt = 0.4;
/** How long a message is marked that one has come to (milliseconds). */
const marked = 1600;
/** So far from the end (pixels), a way back to it is shown. */
const away = 300;

/** The place that is looked at: at first where the unread begins, then any that one goes to. */
export function usePlace(view: ChatView, scroll: Scroll, unread: boolean, redraw: () => void) {
  const messages = view.messages.value;
  /** A message to be shown as soon as it is among the lines. */
  const wanted = useRef<string | undefined>(undefined);
  const started = useRef(false);
  const [flash, setFlash] = useState<string>();
  const [far, setFar] = useState(false);

  // One's own new words are followed to the end; what is only loaded is not.
  const last = messages.at(-1);
  const latest = view.latest.value;
  const before = useRef({ last: last?.id, latest });
  if (last?.own && last.id !== before.current.last && latest && before.current.latest && started.current)
    scroll.toEnd();
  before.current = { last: last?.id, latest };

  useLayoutEffect(() => {
    if (!started.current && messages.length) {
      started.current = true;
      if (unread && scroll.aim("new", unreadAt)) redraw();
    }
    if (wanted.current && scroll.aim(wanted.current, namedAt)) {
      setFlash(wanted.current);
      setTimeout(setFlash, marked, undefined);
      wanted.current = undefined;
      redraw();
    }
  });
  return {
    /** The message that one has just come to. */
    flash,
    /** Whether the newest words are out of sight. */
    far,
    moved() {
      setFar(!scroll.follow && (scroll.distance > away || !view.latest.value));
    },
    /** False: there is no such message to be had. */
    async jump(message: string): Promise<boolean> {
      wanted.current = message;
      if (scroll.heights.indexOf(message) < 0 && !(await view.jump(message))) {
        wanted.current = undefined;
        return false;
      }
      redraw();
      return true;
    },
    async end(): Promise<void> {
      if (!view.latest.value) await view.end();
      scroll.toEnd();
      setFar(false);
      redraw();
    },
  };
}
