import { signal } from "@preact/signals";

/** The time by the minute, for "Today" and the like; still while nobody looks. */
export const now = signal(Date.now());

function tick(): void {
  if (document.visibilityState === "visible") now.value = Date.now();
}

setInterval(tick, 60_000);
document.addEventListener("visibilitychange", tick);
