import type { FastToken } from "../../xmpp/fast.ts";
import { put, type Store } from "../../store/store.ts";

/** Who is signed in in this browser: in the store, beside what it keeps. */
export interface Account {
  id: "account";
  address: string;
  device: string;
  token?: FastToken;
}

/** Nothing stays in this browser of who was signed in; who comes instead is there in the same moment. */
export async function forget(store: Store, next?: Account): Promise<void> {
  localStorage.clear();
  sessionStorage.clear();
  if (next) store.belong(next.address);
  await store.clear(next && [put("kv", next)]);
  await globalThis.caches?.delete("kith-shared");
}
