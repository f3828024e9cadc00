import { takeOver } from "./offline.ts";

/** A newer version that is here and waits. */
export interface Update {
  /** Shows it: the page loads again. */
  show(): void;
}

/** Lets the worker be registered under a policy of trusted types. */
interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): {
    createScriptURL(url: string): string;
  };
}

/**
 * Keeps the client on this device for starts without a network. To be called when the first chat is on the screen, so
 * that it takes nothing from it. `ready` hears of a newer version; it is shown on a tap or by the next start, never in
 * the middle of something. Does nothing where the browser refuses workers (a certificate that it does not trust).
 */
export async function keepHere(ready: (update: Update) => void): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  let registration: ServiceWorkerRegistration;
  try {
    registration = await navigator.serviceWorker.register(worker());
  } catch (fault) {
    if (fault instanceof DOMException || fault instanceof TypeError) return;
    throw fault;
  }
  const look = (next: ServiceWorker | null) => {
    if (!next) return;
    const tell = () => {
      // The first one of all replaces nothing.
      if (next.state === "installed" && registration.active) ready({ show: () => show(next) });
    };
    next.addEventListener("statechange", tell);
    tell();
  };
  look(registration.waiting);
  registration.addEventListener("updatefound", () => look(registration.installing));
  // Browsers look by themselves when a page is opened, which some are not for weeks. The box may be out of reach.
  setInterval(() => void registration.update().catch(() => undefined), hour);
}

const hour = 3_600_000;

/**
 * At the start, before anything is drawn: a version that waited since last time takes over. Resolves with true where the
 * page is about to load again. In a second tab it waits on, because the first one is in the middle of something.
 */
export async function startNewest(): Promise<boolean> {
  // Where the browser lets nothing be kept, it refuses even to say that there is none.
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  const next = registration?.waiting;
  if (!next || !(await alone())) return false;
  show(next);
  return true;
}

function show(next: ServiceWorker): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), {
    once: true,
  });
  next.postMessage(takeOver);
}

/** No other tab of the client holds this lock; the page holds it as long as it lives. */
async function alone(): Promise<boolean> {
  if (!navigator.locks) return false;
  const { held } = await navigator.locks.query();
  return !held?.some((lock) => lock.name === openTab);
}

const openTab = "kith-open";

/** Says to other tabs that one is open, until it is closed. */
export function holdOpen(): void {
  const held = navigator.locks?.request(openTab, { mode: "shared" }, () => new Promise(() => undefined));
  held?.catch(() => undefined);
}

function worker(): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  const policy = policies?.createPolicy("kith", { createScriptURL: (url) => url });
  return policy?.createScriptURL("/sw.js") ?? "/sw.js";
}
