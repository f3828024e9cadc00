import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Panes } from "./panes.ts";
import { href } from "./route.ts";

/** Whether nothing that can be seen has the focus: what had it has gone with its pane. */
function lost(): boolean {
  const { activeElement: at } = document;
  return !at || at === document.body || !at.checkVisibility();
}

/** Where one goes on in the pane that has come to the front; a page in it takes the focus by itself when its code is there. */
function place(shell: HTMLElement, shown: Panes, before: Panes): HTMLElement | null {
  if (shown.front === "details" || shown.list !== undefined) return null;
  if (shown.front === "chat") return shell.querySelector<HTMLElement>(".chat-who");
  const row = before.chat === undefined ? undefined : href("chat", before.chat);
  return (
    [...shell.querySelectorAll<HTMLElement>(".chat-row")].find((one) => one.getAttribute("href") === row) ??
    shell.querySelector<HTMLElement>(".list-top h1")
  );
}

/** Keeps the focus when panes come and go; it would fall to the beginning of the page with the one that is gone. */
export function useFocus(shell: RefObject<HTMLElement | null>, shown: Panes): void {
  const before = useRef(shown);
  useEffect(() => {
    const was = before.current;
    before.current = shown;
    if (was === shown || shown.over !== undefined || was.over !== undefined) return;
    if (shell.current && lost()) place(shell.current, shown, was)?.focus();
  }, [shown.front, shown.chat, shown.list, shown.details, shown.over]);
}
