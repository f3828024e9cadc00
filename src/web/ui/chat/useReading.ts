import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ChatView } from "../../state/client.ts";
import type { Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import type { Item } from "./items.ts";
import type { Scroll } from "./scroll.ts";

/** Tells the box what has been on the screen, as long as somebody looks. */
export function useReading(chat: Chat, view: ChatView, scroll: Scroll, lines: readonly Item[]): () => void {
  const { do: act } = useClient();
  const seen = useRef("");
  const unread = useRef(chat.unread);
  unread.current = chat.unread;
  const drawn = useRef(lines);
  drawn.current = lines;
  const look = useMemo(
    () => () => {
      if (document.visibilityState !== "visible" || !document.hasFocus()) return;
      const all = view.messages.value;
      const line = drawn.current[scroll.heights.at(scroll.distance)];
      const lowest = line?.kind === "message" ? line.messages.at(-1) : undefined;
      const last = (scroll.follow ? all.at(-1) : lowest)?.id;
      if (!last || last === seen.current) return;
      const at = (id: string) => all.findIndex((message) => message.id === id);
      if (at(last) <= at(seen.current)) return;
      seen.current = last;
      if (unread.current > 0) void act.read(chat.id, last);
    },
    [view],
  );
  useEffect(() => {
    addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [look]);
  return look;
}
