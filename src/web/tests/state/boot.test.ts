import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Account } from "../../state/account/account.ts";
import { openIndexed } from "../../store/indexed.ts";
import { put, type Store } from "../../store/store.ts";

const asked: string[] = [];
vi.mock("../../state/session.ts", () => ({
  resume: (_: Store, { address }: Account) => {
    asked.push(`resume ${address}`);
    return Promise.resolve({ address });
  },
  enter: (kept: Store, name: string, _: string, own: boolean) =>
    Promise.resolve(
      void asked.push(`enter ${name} as ${own ? "one's" : "nobody's"} own, in ${kept.constructor.name}`),
    ),
  leave: (_: Store, { address }: Account) => Promise.resolve(void asked.push(`leave ${address}`)),
}));
vi.mock("../../state/tabs/everytab.ts", () => ({ reloadOthers: () => asked.push("reload others") }));
const { boot, isKnown } = await import("../../state/boot.ts");

const token = (text: string) => ({ mechanism: "HT-SHA-256-NONE" as const, token: text, expires: 1 });
const mia: Account = { id: "account", address: "mia@kith.test", device: "here", token: token("old") };
const box = vi.fn<typeof fetch>();
const marks = new Map<string, string>();
const local = {
  clear: vi.fn(() => {
    marks.clear();
  }),
  getItem: (key: string) => marks.get(key) ?? null,
  setItem: (key: string, value: string) => void marks.set(key, value),
};
let store: Store;

beforeEach(async () => {
  asked.length = 0;
  marks.clear();
  vi.stubGlobal("fetch", box);
  vi.stubGlobal("localStorage", local);
  vi.stubGlobal("sessionStorage", local);
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("location", { hash: "#first" });
  vi.stubGlobal("history", { state: null, replaceState: () => undefined });
  vi.stubGlobal("navigator", { userAgent: "Firefox/131.0", languages: [] });
  store = await openIndexed("kith");
  await store.clear();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

const handed = (address: string) => box.mockResolvedValue(Response.json({ address, ...token("new") }));
const account = () => store.get<Account>("kv", "account");
const signedIn = () => store.write([put("kv", mia), put("chats", { id: "her chat" })]);

test("where another one is signed in nothing happens before somebody says so", async () => {
  await signedIn();
  handed("ben@kith.test");
  const { client, choice } = await boot();
  expect(client).toBeUndefined();
  expect(choice).toMatchObject({ from: "mia@kith.test", to: "ben@kith.test" });
  expect(asked).toEqual([]);
  expect(await account()).toEqual(mia);
  await choice!.stay();
  expect(asked).toEqual(["resume mia@kith.test"]);
  expect(await store.all("chats")).toHaveLength(1);
});

test("who goes on finds nothing of who went, and the other tabs begin anew", async () => {
  await signedIn();
  handed("ben@kith.test");
  await (await boot()).choice!.go();
  expect(asked).toEqual(["leave mia@kith.test", "reload others", "resume ben@kith.test"]);
  expect(await account()).toMatchObject({ address: "ben@kith.test", token: { token: "new" } });
  expect(await store.all("chats")).toEqual([]);
  expect(local.clear).toHaveBeenCalled();
});

test("who has just recovered the account that is signed in here keeps all of it, as the same device", async () => {
  await signedIn();
  handed("mia@kith.test");
  const { client, choice } = await boot();
  expect([client, choice]).toEqual([{ address: "mia@kith.test" }, undefined]);
  expect(await account()).toEqual({ ...mia, token: token("new") });
  expect(await store.all("chats")).toHaveLength(1);
  expect(JSON.parse(String(box.mock.calls[0]![1]?.body))).toMatchObject({ id: "here" });
});

test("nothing is asked where the page was opened in any other way", async () => {
  vi.stubGlobal("location", { hash: "#/chats" });
  await signedIn();
  expect((await boot()).client).toEqual({ address: "mia@kith.test" });
  expect(box).not.toHaveBeenCalled();
});

test("a tab that has not heard of it yet writes nothing of hers among his", async () => {
  await signedIn();
  const hers = await openIndexed("kith");
  hers.belong("mia@kith.test");
  await hers.write([put("chats", { id: "another of hers" })]);
  expect(await store.all("chats")).toHaveLength(2);
  handed("ben@kith.test");
  await (await boot()).choice!.go();
  await hers.write([put("chats", { id: "too late" })]);
  expect(await store.all("chats")).toEqual([]);
});

test("a browser that lets nothing be kept is nobody's own, whatever is wished", async () => {
  const opening = vi.spyOn(indexedDB, "open").mockImplementation(() => {
    throw new DOMException("no", "SecurityError");
  });
  vi.stubGlobal("location", { hash: "" });
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    get: () => {
      throw new DOMException("no", "SecurityError");
    },
  });
  expect(isKnown()).toBe(false);
  const { signIn } = await boot();
  opening.mockRestore();
  await signIn.signIn("mia", "a rose", true);
  expect(asked).toEqual(["enter mia as nobody's own, in Memory"]);
});
