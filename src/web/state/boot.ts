import { use } from "../i18n/index.ts";
import { Memory } from "../store/memory.ts";
import { accountMark, openIndexed } from "../store/indexed.ts";
import { put, type Store } from "../store/store.ts";
import { forget, type Account } from "./account/account.ts";
import type { Choice, Client, SignIn } from "./client.ts";
import { reloadOthers } from "./tabs/everytab.ts";
import { takeHandover, type HandOver } from "./account/handover.ts";
import type { Settings } from "./model.ts";

const DATABASE = "kith";

/** All that comes after the first screen: its code is fetched while that is looked at. */
const session = () => import("./session.ts");

/** Whether somebody is signed in here, as far as that can be said at once. */
export const isKnown = (): boolean => accountMark() !== undefined;

/** The code of all that has to do with the box. */
export const fetchRest = (): Promise<unknown> => Promise.all([session(), import("./encryption/omemo.ts")]);

/** What the page begins with: the client of who is signed in here, or none, and the way to sign in. */
export async function boot(): Promise<{ client?: Client; choice?: Choice; signIn: SignIn }> {
  // A browser that lets nothing be kept can still be used, as one that is nobody's own.
  const kept = await openIndexed(DATABASE).catch(() => undefined);
  const store: Store = kept ?? new Memory();
  const settings = await store.get<Settings>("kv", "settings");
  await use(settings?.language ?? "auto");
  const account = await store.get<Account>("kv", "account");
  const signIn: SignIn = {
    prepare: () =>
      void session().then(
        (made) => made.prepare(),
        () => undefined,
      ),
    forgets: kept === undefined,
    signIn: async (name, password, wanted) => {
      const own = wanted && kept !== undefined;
      return (await session()).enter(own ? store : new Memory(), name, password, own);
    },
  };
  const resume = async (who: Account) => (await session()).resume(store, who);
  const handed = await takeHandover(account?.device);
  if (handed && account?.token && account.address !== handed.address)
    return { signIn, choice: choice(store, account, handed, resume) };
  if (handed) return { signIn, client: await resume(await settle(store, account, handed)) };
  if (account?.token) return { signIn, client: await resume(account) };
  return { signIn };
}

/** A page of the box made or recovered one account in this browser, where another one is signed in. */
function choice(
  store: Store,
  account: Account,
  handed: HandOver,
  resume: (who: Account) => Promise<Client>,
): Choice {
  return {
    from: account.address,
    to: handed.address,
    stay: () => resume(account),
    go: async () => {
      await (await session()).leave(await openIndexed(DATABASE), account);
      return resume(await settle(store, account, handed));
    },
  };
}

/** A page of the box has just made or recovered the account in this browser, which is its owner's own. */
async function settle(store: Store, before: Account | undefined, handed: HandOver): Promise<Account> {
  const { address, token, device } = handed;
  const account: Account = { id: "account", address, device: device.id, token };
  if (before?.address === address) await store.write([put("kv", account)]);
  else await forget(store, account);
  reloadOthers();
  await navigator.storage?.persist?.();
  return account;
}
