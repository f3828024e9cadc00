import { use } from "../i18n/index.ts";
import { Memory } from "../store/memory.ts";
import { openIndexed } from "../store/indexed.ts";
import { put, type Store } from "../store/store.ts";
import type { Account } from "./account.ts";
import type { Client, SignIn } from "./client.ts";
import { takeHandover, type HandOver } from "./handover.ts";
import type { Settings } from "./model.ts";

const DATABASE = "kith";

/** All that comes after the first screen: its code is fetched while a name is typed. */
const session = () => import("./session.ts");

/** What the page begins with: the client of who is signed in here, or none, and the way to sign in. */
export async function boot(): Promise<{ client?: Client; signIn: SignIn }> {
  // A browser that lets nothing be kept can still be used, as one that is nobody's own.
  const store: Store = await openIndexed(DATABASE).catch(() => new Memory());
  const settings = await store.get<Settings>("kv", "settings");
  await use(settings?.language ?? "auto");
  const account = await store.get<Account>("kv", "account");
  const signIn: SignIn = {
    signIn: async (name, password, own) =>
      (await session()).enter(own ? store : new Memory(), name, password, own),
  };
  if (account?.token) return { signIn, client: await (await session()).resume(store, account) };
  const handed = await takeHandover();
  if (!handed) {
    addEventListener("input", () => void session().catch(() => undefined), { once: true });
    return { signIn };
  }
  return { signIn, client: await (await session()).resume(store, await settle(store, account, handed)) };
}

/** A page of the box has just made or recovered the account in this browser, which is its owner's own. */
async function settle(store: Store, before: Account | undefined, handed: HandOver): Promise<Account> {
  const { address, token, device } = handed;
  const account: Account = { id: "account", address, device: device.id, token };
  if (before?.address !== address) await store.clear();
  await store.write([put("kv", account)]);
  await navigator.storage?.persist?.();
  return account;
}
