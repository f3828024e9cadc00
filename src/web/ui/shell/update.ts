import { signal } from "@preact/signals";

/** Set when a newer version is kept on this device: called, it is shown. */
export const newVersion = signal<(() => void) | undefined>(undefined);
