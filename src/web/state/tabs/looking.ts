import type { Call } from "./mirror.ts";

/** Tells the tab with the stream whether anybody looks at this one. */
export function tellLooks(call: Call): void {
  const tab = crypto.randomUUID();
  const tell = (looks: boolean) => void call("look", tab, looks).catch(() => undefined);
  document.addEventListener("visibilitychange", () => tell(document.visibilityState === "visible"));
  addEventListener("pagehide", () => tell(false));
  addEventListener("pageshow", () => tell(document.visibilityState === "visible"));
  tell(document.visibilityState === "visible");
}

/** While nobody looks at any tab, the box holds back what can wait (XEP-0352). */
export class Lookers {
  private readonly tabs = new Set<string>();

  constructor(private readonly active: (on: boolean) => void) {}

  look(tab: string, looks: boolean): Promise<void> {
    const before = this.tabs.size > 0;
    if (looks) this.tabs.add(tab);
    else this.tabs.delete(tab);
    if (before !== this.tabs.size > 0) this.active(this.tabs.size > 0);
    return Promise.resolve();
  }
}
