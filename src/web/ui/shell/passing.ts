import { signal } from "@preact/signals";
import type { Toast } from "../../state/client.ts";
import type { Said } from "../parts/Toasts.tsx";
import { reason } from "../text/reason.ts";

/** What the pages themselves say in passing. */
export const passing = signal<readonly Said[]>([]);

let last = 0;

export function say(text: string, tone: Toast["tone"] = "calm", undo?: Said["undo"]): void {
  // The client's own count upwards.
  passing.value = [...passing.value, { id: --last, text, tone, ...(undo && { undo }) }];
}

/** For what is done in passing, with no place of its own to say that it failed. */
export function tell(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    say(reason(error), "wrong");
  });
}

/** False: it is not one of these. */
export function dismiss(id: number): boolean {
  const before = passing.value.length;
  passing.value = passing.value.filter((toast) => toast.id !== id);
  return passing.value.length < before;
}
