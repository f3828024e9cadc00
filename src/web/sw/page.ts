/** Lets the worker be registered under a policy of trusted types. */
interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): {
    createScriptURL(url: string): string;
  };
}

/** Whether the client came from this device: a worker answered for it. */
export const isKept = (): boolean => Boolean(globalThis.navigator.serviceWorker?.controller);

/**
 * Keeps the client on this device for starts without a network. To be called when the first chat is on the screen, so
 * that it takes nothing from it; where it is kept already, at the start, to hear of a newer one that the browser finds
 * then. `ready`: a newer version is kept, and is what the next start of the page shows. Does nothing where the browser
 * refuses workers (a certificate that it does not trust).
 */
export async function keepHere(ready: () => void): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  let registration: ServiceWorkerRegistration;
  try {
    registration = await navigator.serviceWorker.register(worker());
  } catch (fault) {
    if (fault instanceof DOMException || fault instanceof TypeError) return;
    throw fault;
  }
  const look = () => {
    const { active, installing } = registration;
    // The first one of all replaces nothing.
    if (!active) return;
    const installed = () => installing?.state !== "redundant" && ready();
    installing?.addEventListener("statechange", installed, { once: true });
  };
  look();
  registration.addEventListener("updatefound", look);
  // Browsers look by themselves when a page is opened, which some are not for weeks. The box may be out of reach.
  setInterval(() => void registration.update().catch(() => undefined), hour);
}

const hour = 3_600_000;

/**
 * All tabs of a browser speak with each other and write to one store, so they are of one version (anything that tells
 * one from another): a tab that starts says which it is, and one of another version begins anew, as the newest.
 */
export function beOneVersion(version: string): void {
  let others: BroadcastChannel;
  try {
    others = new BroadcastChannel("kith-version");
  } catch {
    // Where the browser lets nothing be kept there is nothing that tabs share.
    return;
  }
  others.onmessage = ({ data }) => {
    if (data !== version) location.reload();
  };
  others.postMessage(version);
}

function worker(): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  const policy = policies?.createPolicy("kith", { createScriptURL: (url) => url });
  return policy?.createScriptURL("/sw.js") ?? "/sw.js";
}
