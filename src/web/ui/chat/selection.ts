import { signal } from "@preact/signals";
import type { Message } from "../../state/model.ts";

/** The messages that are chosen in the open chat; undefined: nobody chooses. */
export const chosen = signal<ReadonlySet<string> | undefined>(undefined);

export function chosenOf(messages: readonly Message[]): Message[] {
  return messages.filter((message) => chosen.value?.has(message.id));
}

/** Takes messages in; out again where all of them are. */
export function choose(...messages: string[]): void {
  const now = new Set(chosen.value);
  const all = messages.every((message) => now.has(message));
  for (const message of messages)
    if (all) now.delete(message);
    else now.add(message);
  chosen.value = now.size ? now : undefined;
}

export function chooseNone(): void {
  chosen.value = undefined;
}
