let channel: BroadcastChannel | undefined;

/** Every tab of this browser, whoever is signed in in it. */
const everyTab = (): BroadcastChannel => (channel ??= new BroadcastChannel("kith"));

/** Somebody signed in or out: every other tab begins anew. */
export function reloadOthers(): void {
  everyTab().postMessage("reload");
}

export function reloadWhenTold(): void {
  everyTab().onmessage = () => {
    location.reload();
  };
}
