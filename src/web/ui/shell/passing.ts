import { signal } from "@preact/signals";
import type { Toast } from "../../state/client.ts";

/** What the pages themselves say in passing. */
export const passing = signal<readonly Toast[]>([]);

let last = 0;

export function say(text: string): void {
  // The client's own count upwards.
  passing.value = [...passing.value, { id: --last, text, tone: "calm" }];
}

/** False: it is not one of these. */
export function dismiss(id: number): boolean {
  const before = passing.value.length;
  passing.value = passing.value.filter((toast) => toast.id !== id);
  return passing.value.length < before;
}
