import { t } from "../i18n/index.ts";
import { called } from "../i18n/names.ts";
import { Connection } from "../xmpp/connection.ts";
import { Dialler } from "../xmpp/dial.ts";
import { Refused } from "../xmpp/errors.ts";
import { bare, domain } from "../xmpp/jid.ts";
import { full, put, remove, type Store } from "../store/store.ts";
import { forget, type Account } from "./account/account.ts";
import type { Client } from "./client.ts";
import { commands } from "./commands.ts";
import { DEFAULTS } from "./core/core.ts";
import { nameOf } from "./account/device.ts";
import { Engine } from "./engine.ts";
import { reloadOthers } from "./tabs/everytab.ts";
import { Lookers, tellLooks } from "./tabs/looking.ts";
import { Mirror } from "./tabs/mirror.ts";
import type { Attachment, Me } from "./model.ts";
import { Tabs, type Leader } from "./tabs/tabs.ts";

const SOFTWARE = "Kith";
/** How long signing out waits for the box, in milliseconds. */
const FAREWELL = 4000;

/** A client of this page that keeps what it has lives already. */
let living = false;

/** Signed in before: the pages are there at once, with what is kept; the stream follows. */
export async function resume(store: Store, account: Account, signedIn?: Connection): Promise<Client> {
  const me = { ...nobody(account.address, true), ...(await store.get<Me>("kv", "me")) };
  living = true;
  store.belong(account.address);
  const tabs: Tabs = new Tabs(account.address, (patch) => mirror.apply(patch));
  const mirror: Mirror = new Mirror(store, tabs.call, me);
  await tabs.join(async () => {
    // Another tab may have used and renewed the token since this page was loaded.
    const now = (await store.get<Account>("kv", "account")) ?? account;
    // Or have signed in somebody else, and this page is about to begin anew.
    if (now.address !== account.address) return new Promise(() => undefined);
    const stream = signedIn ?? streamOf(now, (next) => void store.write([put("kv", next)]));
    const engine = new Engine(stream, store, tabs.publish, me);
    await engine.load();
    await encrypt(engine);
    engine.start();
    return leader(engine);
  });
  tellLooks(tabs.call);
  return mirror;
}

let ahead: Dialler | undefined;

/** Somebody is about to sign in, as a member of this home: the stream is opened while they type. */
export async function prepare(): Promise<void> {
  const at = await home();
  ahead ??= new Dialler(at, endpoints());
  ahead.ahead();
}

/** For one attempt to sign in there. */
function takeDialler(address: string): Dialler | undefined {
  const dialler = ahead;
  ahead = undefined;
  if (dialler?.domain === domain(address)) return dialler;
  dialler?.drop();
  return undefined;
}

/** Signs in by password; resolves once the box said yes. */
export async function enter(store: Store, name: string, password: string, own: boolean): Promise<Client> {
  const address = await addressOf(name);
  const known = await store.get<Account>("kv", "account");
  const same = known?.address === address;
  let account: Account = { id: "account", address, device: same ? known.device : crypto.randomUUID() };
  // Before the box has said yes nothing is kept, and nothing forgotten: a name is soon mistyped.
  let keep = (next: Account): void => void (account = next);
  const stream = streamOf(account, (next) => keep(next), password);
  await signedIn(stream);
  keep = (next) => void store.write([put("kv", next)]);
  if (same || !own) await store.write([put("kv", account)]);
  // What the client that was refused may still want to keep is not for the new account's store.
  if (own && living) store.close();
  if (own && !same) await forget(store, account);
  if (own) {
    void navigator.storage?.persist?.();
    reloadOthers();
    if (!living) return resume(store, account, stream);
    // The client that was refused is still in this page, and with it the lock: it goes with the page.
    await stream.stop();
    location.reload();
    return new Promise(() => undefined);
  }
  const mirror: Mirror = new Mirror(
    store,
    (method, ...args) => lead.call(method, args) as never,
    nobody(address, false),
  );
  const engine = new Engine(stream, store, (patch) => mirror.apply(patch), nobody(address, false));
  const lead = leader(engine);
  mirror.apply(engine.snapshot());
  engine.start();
  tellLooks((method, ...args) => lead.call(method, args) as never);
  return mirror;
}

/** `keep` gets the account with each new token, or without one when it is good no more. */
function streamOf(account: Account, keep: (account: Account) => void, password?: string): Connection {
  return new Connection({
    ...endpoints(),
    ...(password !== undefined && { password, dialler: takeDialler(account.address) }),
    address: account.address,
    device: { id: account.device, software: SOFTWARE, name: nameOf(navigator.userAgent) },
    tag: SOFTWARE,
    saveToken: (token) => {
      const { token: _, ...rest } = account;
      keep(token ? { ...rest, token } : rest);
    },
    ...(account.token && { token: account.token }),
  });
}

/** The page comes from the box itself, so that nobody need be asked where its streams are; a page without TLS must ask. */
function endpoints(): { websocket?: string; bosh?: string } {
  const { origin, protocol } = location;
  if (protocol !== "https:") return {};
  return { websocket: `${origin.replace("https", "wss")}/xmpp-websocket`, bosh: `${origin}/http-bind` };
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
  return `${typed}@${await home()}`;
}

let asked: Promise<string | undefined> | undefined;

/** The domain of this home, asked once while the name is still being typed; where it cannot be asked the page's own. */
async function home(): Promise<string> {
  asked ??= homeDomain();
  const found = await asked;
  if (found === undefined) asked = undefined;
  return found ?? location.hostname;
}

async function homeDomain(): Promise<string | undefined> {
  try {
    const answer = await fetch("/api/home");
    return answer.ok ? ((await answer.json()) as { domain?: string }).domain : undefined;
  } catch {
    // No network, or something else that answers in the box's place.
    return undefined;
  }
}

const nobody = (address: string, own: boolean): Me => ({ address, name: called(address), own });

/** The part that encrypts is fetched when there is a device of one's own to encrypt for. */
async function encrypt(engine: Engine): Promise<void> {
  engine.encryption = await (await import("./encryption/omemo.ts")).Sealed.open(engine);
}

/** What other tabs, and the pages of this one, may ask of the engine. */
function leader(engine: Engine): Leader {
  const lookers = new Lookers((on) => engine.stream.active(on));
  const can: Record<string, (...args: never[]) => Promise<unknown>> = {
    ...commands(engine),
    older: (chat: string) => engine.history.older(chat),
    pictureBlob: (key: string) => engine.media.picture(key),
    fileBlob: (attachment: Attachment, most?: number) => engine.attachments.fetch(attachment, most),
    look: (tab: string, looks: boolean) => lookers.look(tab, looks),
    signOut: () => signOut(engine),
  };
  return {
    snapshot: () => engine.snapshot(),
    call: (method, args) => {
      const act = Object.hasOwn(can, method) ? can[method] : undefined;
      return act ? roomy(act(...(args as never[]))) : Promise.reject(new Error(`no ${method}`));
    },
  };
}

/** A disk that is full is told in words, whatever was to be done. */
const roomy = (act: Promise<unknown>): Promise<unknown> =>
  act.catch((error: unknown) => {
    throw full(error) ? new Error(t("error.full")) : error;
  });

/** Nothing stays: the box forgets the device and all that hangs on it, its keys too; the browser everything. */
async function signOut(engine: Engine): Promise<void> {
  await farewell(engine.stream);
  const { settings, store } = engine.core;
  await forget(store);
  await store.write([
    put("kv", { id: "settings", ...DEFAULTS, language: settings.language, theme: settings.theme }),
    remove("kv", "account"),
  ]);
  store.close();
  reloadOthers();
  location.reload();
}

/** Who goes wants it gone, whether the box can hear of it now or not. */
async function farewell(stream: Connection): Promise<void> {
  await Promise.race([stream.signOut(), new Promise((resolve) => setTimeout(resolve, FAREWELL))]);
}

/** The box hears that this browser is no longer a device of who was signed in here. The store is theirs, and closed afterwards. */
export async function leave(store: Store, account: Account): Promise<void> {
  store.belong(account.address);
  await farewell(streamOf(account, (next) => void store.write([put("kv", next)])));
  store.close();
}
