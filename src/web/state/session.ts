import { t } from "../i18n/index.ts";
import { called } from "../i18n/names.ts";
import { Connection } from "../xmpp/connection.ts";
import { Refused } from "../xmpp/errors.ts";
import { bare } from "../xmpp/jid.ts";
import { put, remove, type Store } from "../store/store.ts";
import type { Account } from "./account.ts";
import type { Client } from "./client.ts";
import { commands } from "./commands.ts";
import { DEFAULTS } from "./core.ts";
import { nameOf } from "./device.ts";
import { Engine } from "./engine.ts";
import { Lookers, tellLooks } from "./looking.ts";
import { Mirror } from "./mirror.ts";
import type { Attachment, Me } from "./model.ts";
import { Tabs, type Leader } from "./tabs.ts";

const SOFTWARE = "Kith";
/** How long signing out waits for the box, in milliseconds. */
const FAREWELL = 4000;

/** Signed in before: the pages are there at once, with what is kept; the stream follows. */
export async function resume(store: Store, account: Account, signedIn?: Connection): Promise<Client> {
  const me = { ...nobody(account.address, true), ...(await store.get<Me>("kv", "me")) };
  const tabs: Tabs = new Tabs((patch) => mirror.apply(patch));
  const mirror: Mirror = new Mirror(store, tabs.call, me);
  await tabs.join(async () => {
    // Another tab may have used and renewed the token since this page was loaded.
    const now = (await store.get<Account>("kv", "account")) ?? account;
    const engine = new Engine(signedIn ?? streamOf(store, now), store, tabs.publish, me);
    await engine.load();
    await encrypt(engine);
    engine.start();
    return leader(engine, tabs);
  });
  tellLooks(tabs.call);
  return mirror;
}

/** Signs in by password; resolves once the box said yes. */
export async function enter(store: Store, name: string, password: string, own: boolean): Promise<Client> {
  const address = await addressOf(name);
  const account: Account = { id: "account", address, device: crypto.randomUUID() };
  const known = await store.get<Account>("kv", "account");
  if (known?.address !== address) await store.clear();
  const stream = streamOf(store, account, password);
  await signedIn(stream);
  if (own) {
    void navigator.storage?.persist?.();
    new BroadcastChannel("kith").postMessage({ kind: "reload" });
    return resume(store, account, stream);
  }
  const mirror: Mirror = new Mirror(
    store,
    (method, ...args) => lead.call(method, args) as never,
    nobody(address, false),
  );
  const engine = new Engine(stream, store, (patch) => mirror.apply(patch), nobody(address, false));
  const lead = leader(engine, undefined);
  mirror.apply(engine.snapshot());
  engine.start();
  tellLooks((method, ...args) => lead.call(method, args) as never);
  return mirror;
}

function streamOf(store: Store, account: Account, password?: string): Connection {
  const { origin, protocol } = location;
  return new Connection({
    // The page comes from the box itself, so that nobody need be asked where its streams are; a page without TLS must ask.
    ...(protocol === "https:" && {
      websocket: `${origin.replace("https", "wss")}/xmpp-websocket`,
      bosh: `${origin}/http-bind`,
    }),
    address: account.address,
    device: { id: account.device, software: SOFTWARE, name: nameOf(navigator.userAgent) },
    tag: SOFTWARE,
    saveToken: (token) => {
      const { token: _, ...rest } = account;
      void store.write([put("kv", token ? { ...rest, token } : rest)]);
    },
    ...(account.token && { token: account.token }),
    ...(password !== undefined && { password }),
  });
}

function signedIn(stream: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.onReady = () => resolve();
    stream.onStatus = (status, problem) => {
      if (status !== "refused" && status !== "waiting") return;
      void stream.stop();
      reject(new Error(status === "waiting" ? t("error.box") : refusal(problem)));
    };
    stream.start();
  });
}

function refusal(problem: Error | undefined): string {
  const condition = problem instanceof Refused ? problem.condition : "";
  if (condition === "account-disabled" || condition === "credentials-expired") return t("error.locked");
  return condition === "temporary-auth-failure" ? t("error.tooManyTries") : t("error.password");
}

/** The name as it was typed, made an address of this home. */
async function addressOf(name: string): Promise<string> {
  const typed = bare(name.trim().replace(/^@/, ""));
  if (typed.includes("@")) return typed;
  return `${typed}@${await home}`;
}

async function homeDomain(): Promise<string> {
  const answer = await fetch("/api/home").catch(() => undefined);
  const home = answer?.ok ? ((await answer.json()) as { domain?: string }) : undefined;
  return home?.domain ?? location.hostname;
}

/** Asked while the name is still being typed. */
const home = homeDomain();

const nobody = (address: string, own: boolean): Me => ({ address, name: called(address), own });

/** The part that encrypts is fetched when there is a device of one's own to encrypt for. */
async function encrypt(engine: Engine): Promise<void> {
  engine.encryption = await (await import("./omemo.ts")).Sealed.open(engine);
}

/** What other tabs, and the pages of this one, may ask of the engine. */
function leader(engine: Engine, tabs: Tabs | undefined): Leader {
  const lookers = new Lookers((on) => engine.stream.active(on));
  const can: Record<string, (...args: never[]) => Promise<unknown>> = {
    ...commands(engine),
    older: (chat: string) => engine.history.older(chat),
    pictureBlob: (key: string) => engine.media.picture(key),
    fileBlob: (attachment: Attachment, most?: number) => engine.sending.fetch(attachment, most),
    look: (tab: string, looks: boolean) => lookers.look(tab, looks),
    signOut: () => signOut(engine, tabs),
  };
  return {
    snapshot: () => engine.snapshot(),
    call: (method, args) => {
      const act = Object.hasOwn(can, method) ? can[method] : undefined;
      return act ? act(...(args as never[])) : Promise.reject(new Error(`no ${method}`));
    },
  };
}

/** Nothing stays: the box forgets the device's token, the browser everything. */
async function signOut(engine: Engine, tabs: Tabs | undefined): Promise<void> {
  // Who signs out wants it gone, whether the box can hear of it now or not.
  const told = engine.encryption.stop().then(() => engine.stream.signOut());
  await Promise.race([told.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, FAREWELL))]);
  const { settings, store } = engine.core;
  await store.clear();
  await store.write([
    put("kv", { id: "settings", ...DEFAULTS, language: settings.language, theme: settings.theme }),
    remove("kv", "account"),
  ]);
  store.close();
  localStorage.clear();
  await globalThis.caches?.delete("kith-shared");
  tabs?.reloadOthers();
  location.reload();
}
