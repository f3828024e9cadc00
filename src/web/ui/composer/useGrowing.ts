import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** As many lines are shown of what is written, before it scrolls. */
const lines = 6;

/** Where the browser does so by itself (composer.css), no key waits for the layout of the page. */
const grows = CSS.supports("field-sizing", "content");

function grow(field: HTMLTextAreaElement): void {
  field.style.height = "auto";
  const line = parseFloat(getComputedStyle(field).lineHeight);
  const edges = field.offsetHeight - field.clientHeight;
  field.style.height = `${Math.min(field.scrollHeight, line * lines + 24) + edges}px`;
}

/** A field as high as what stands in it. */
export function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    if (field.current && !grows) grow(field.current);
  }, [text]);
}
