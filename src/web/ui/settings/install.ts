import { signal } from "@preact/signals";

/** What the browser offers when the page can be put on the home screen (Chromium's alone, in no standard). */
interface Offer extends Event {
  prompt(): Promise<unknown>;
}

const offer = signal<Offer | undefined>(undefined);

/** The offer comes once, early: to be called when the page starts. */
export function listenForInstall(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer.value = event as Offer;
  });
  addEventListener("appinstalled", () => {
    offer.value = undefined;
  });
}

export type Installing = "installed" | "offered" | "ios" | "elsewhere";

/** `ios`: by the page's menu alone, which has to be explained. */
export function installing(browser: {
  standalone: boolean;
  agent: string;
  touches: number;
  offered: boolean;
}): Installing {
  if (browser.standalone) return "installed";
  if (browser.offered) return "offered";
  const ipad = /Macintosh/.test(browser.agent) && browser.touches > 1;
  return /iPhone|iPad|iPod/.test(browser.agent) || ipad ? "ios" : "elsewhere";
}

export function installingHere(): Installing {
  return installing({
    standalone:
      matchMedia("(display-mode: standalone)").matches ||
      (navigator as Navigator & { standalone?: boolean }).standalone === true,
    agent: navigator.userAgent,
    touches: navigator.maxTouchPoints,
    offered: offer.value !== undefined,
  });
}

/** Shows the browser's own question; an offer can be used once. */
export async function install(): Promise<void> {
  const now = offer.value;
  offer.value = undefined;
  await now?.prompt();
}
