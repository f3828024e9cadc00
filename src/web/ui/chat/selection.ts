import { signal } from "@preact/signals";
import type { Message } from "../../state/model.ts";

/** The messages that are chosen in the open chat; undefined: nobody chooses. */
export const chosen = signal<ReadonlySet<string> | undefined>(undefined);

export function chosenOf(messages: readonly Message[]): Message[] {
  return messages.filter((message) => chosen.value?.has(message.id));
}

export function choose(message: string): void {
  const now = new Set(chosen.value);
  if (!now.delete(message)) now.add(message);
  chosen.value = now.size ? now : undefined;
}

export function chooseNone(): void {
  chosen.value = undefined;
}
