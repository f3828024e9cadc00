import { signal } from "@preact/signals";

/** Set when a new version waits: called, it takes over. */
export const newVersion = signal<(() => void) | undefined>(undefined);
