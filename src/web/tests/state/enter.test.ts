import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Account } from "../../state/account/account.ts";
import { Memory } from "../../store/memory.ts";
import { put } from "../../store/store.ts";

let yes = true;
vi.mock("../../xmpp/connection.ts", () => ({
  Connection: class {
    onReady: () => void = () => undefined;
    onStatus: (status: string) => void = () => undefined;
    constructor(readonly options: { saveToken: (token: unknown) => void }) {}
    start() {
      if (!yes) return this.onStatus("refused");
      this.options.saveToken({ token: "fresh" });
      this.onReady();
    }
    stop = () => Promise.resolve();
  },
}));
const resumed = vi.fn();
vi.mock("../../state/tabs/tabs.ts", () => ({
  Tabs: class {
    call = () => Promise.resolve();
    join = () => Promise.resolve(resumed());
  },
}));
vi.mock("../../state/tabs/everytab.ts", () => ({
  reloadOthers: () => undefined,
  reloadWhenTold: () => undefined,
}));

const reload = vi.fn();
const store = new Memory();
const anna: Account = { id: "account", address: "anna@kith.test", device: "here" };

beforeEach(async () => {
  vi.stubGlobal("location", { protocol: "http:", origin: "http://x", hostname: "x", reload });
  for (const storage of ["localStorage", "sessionStorage"])
    vi.stubGlobal(storage, { clear: () => undefined });
  vi.stubGlobal("navigator", { userAgent: "Firefox/131.0", languages: [] });
  vi.stubGlobal("document", { addEventListener: () => undefined, visibilityState: "visible" });
  vi.stubGlobal("addEventListener", () => undefined);
  await store.clear([put("kv", anna), put("outbox", { id: "unsent" })]);
});
afterEach(() => vi.unstubAllGlobals());

const left = async () => [await store.get<Account>("kv", "account"), await store.all("outbox")];

it("forgets nothing of who is kept here before the box has said yes", async () => {
  const { enter } = await import("../../state/session.ts");
  yes = false;
  await expect(enter(store, "ana@kith.test", "a long walk", true)).rejects.toThrow();
  expect(await left()).toEqual([anna, [{ id: "unsent" }]]);
});

it("keeps all of it, as the same device, when the same person signs in again", async () => {
  const { enter } = await import("../../state/session.ts");
  yes = true;
  await enter(store, "anna@kith.test", "a long walk", true);
  expect(resumed).toHaveBeenCalledTimes(1);
  expect(await left()).toEqual([{ ...anna, token: { token: "fresh" } }, [{ id: "unsent" }]]);
});

it("begins the page anew where a client lives in it, and leaves nothing of another account", async () => {
  const { enter } = await import("../../state/session.ts");
  yes = true;
  void enter(store, "ben@kith.test", "a long walk", true);
  await vi.waitFor(() => expect(reload).toHaveBeenCalled());
  expect(await left()).toMatchObject([{ address: "ben@kith.test", token: { token: "fresh" } }, []]);
  expect(resumed).toHaveBeenCalledTimes(1);
});
