import type { FastToken } from "../xmpp/fast.ts";
import type { Store } from "../store/store.ts";

/** Who is signed in in this browser: in the store, beside what it keeps. */
export interface Account {
  id: "account";
  address: string;
  device: string;
  token?: FastToken;
}

/** Nothing stays in this browser of who was signed in. */
export async function forget(store: Store): Promise<void> {
  await store.clear();
  localStorage.clear();
  await globalThis.caches?.delete("kith-shared");
}
