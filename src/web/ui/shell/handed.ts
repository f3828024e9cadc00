import { signal } from "@preact/signals";
import type { Address } from "../../state/model.ts";

/** Words that another page has for a chat's composer, which joins them to what is typed there. */
export const handed = signal<{ chat: Address; text: string } | undefined>(undefined);

/** Both of them, where there are two. */
export function joined(before: string, more: string): string {
  return [before, more].filter((text) => text.trim() !== "").join("\n");
}
