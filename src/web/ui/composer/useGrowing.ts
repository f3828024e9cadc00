import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** As many lines are shown of what is written, before it scrolls. */
const lines = 6;

function grow(field: HTMLTextAreaElement): void {
  field.style.height = "auto";
  const line = parseFloat(getComputedStyle(field).lineHeight);
  const edges = field.offsetHeight - field.clientHeight;
  field.style.height = `${Math.min(field.scrollHeight, line * lines + 24) + edges}px`;
}

/** A field as high as what stands in it. */
export function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    if (field.current) grow(field.current);
  }, [text]);
}
