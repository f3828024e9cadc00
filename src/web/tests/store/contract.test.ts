import "fake-indexeddb/auto";
import { forceCloseDatabase } from "fake-indexeddb";
import { describe, expect, it, vi } from "vitest";
import { openIndexed } from "../../store/indexed.ts";
import { Memory } from "../../store/memory.ts";
import type { MessageRow, OrphanRow } from "../../store/records.ts";
import { put, remove, type Store } from "../../store/store.ts";

const message = (id: string, at: number, seq = 0, chat = "a@x"): MessageRow => ({
  id,
  chat,
  at,
  seq,
  own: false,
  from: chat,
  who: "A",
  kind: "text",
  text: id,
  reactions: {},
  edited: false,
  retracted: false,
  encrypted: false,
  mention: false,
  mid: `m-${id}`,
  stanzaId: `s-${id}`,
});
const ids = (rows: MessageRow[]) => rows.map((row) => row.id);
let number = 0;

const stores: [string, () => Promise<Store>][] = [
  ["IndexedDB", () => openIndexed(`contract-${number++}`)],
  ["memory", () => Promise.resolve(new Memory())],
];

describe.each(stores)("the store in %s", (_name, open) => {
  it("keeps a row as it was given, and forgets it", async () => {
    const store = await open();
    const row = { id: "x", list: [1, 2] };
    await store.write([put("kv", row)]);
    row.list.push(3);
    expect(await store.get("kv", "x")).toEqual({ id: "x", list: [1, 2] });
    await store.write([remove("kv", "x")]);
    expect(await store.get("kv", "x")).toBeUndefined();
  });

  it("reads a chat from its end, from its start, and from any place, the place itself left out", async () => {
    const store = await open();
    await store.write([4, 2, 0, 3, 1].map((at) => put("messages", message(`${at}`, at))));
    await store.write([put("messages", message("other", 2, 0, "b@x"))]);
    expect(ids(await store.stretch("a@x", undefined, "older", 2))).toEqual(["4", "3"]);
    expect(ids(await store.stretch("a@x", undefined, "newer", 2))).toEqual(["0", "1"]);
    expect(ids(await store.stretch("a@x", { at: 2, seq: 0 }, "older", 9))).toEqual(["1", "0"]);
    expect(ids(await store.stretch("a@x", { at: 2, seq: 0 }, "newer", 9))).toEqual(["3", "4"]);
  });

  it("orders messages of the same moment by arrival", async () => {
    const store = await open();
    await store.write([
      put("messages", message("b", 1, 2)),
      put("messages", message("a", 1, 1)),
      put("messages", message("c", 1, 3)),
    ]);
    expect(ids(await store.stretch("a@x", undefined, "newer", 9))).toEqual(["a", "b", "c"]);
    expect(ids(await store.stretch("a@x", { at: 1, seq: 2 }, "older", 9))).toEqual(["a"]);
  });

  it("moves a message whose place changes, and never shows it twice", async () => {
    const store = await open();
    await store.write([put("messages", message("a", 1)), put("messages", message("b", 2))]);
    await store.write([put("messages", message("a", 3))]);
    expect(ids(await store.stretch("a@x", undefined, "newer", 9))).toEqual(["b", "a"]);
  });

  it("finds by what others refer to, in that chat alone", async () => {
    const store = await open();
    await store.write([put("messages", message("a", 1)), put("messages", message("b", 1, 0, "b@x"))]);
    expect((await store.find("a@x", "stanzaId", "s-a"))?.id).toBe("a");
    expect((await store.find("a@x", "mid", "m-a"))?.id).toBe("a");
    expect(await store.find("a@x", "mid", "m-b")).toBeUndefined();
  });

  it("finds those that answer a message, in that chat alone", async () => {
    const store = await open();
    const answer = (id: string, ref: string, chat: string) => ({
      ...message(id, 1, 0, chat),
      quote: { ref, who: "A", text: "" },
    });
    await store.write([
      put("messages", message("q", 0)),
      put("messages", answer("1", "q", "a@x")),
      put("messages", answer("2", "r", "a@x")),
      put("messages", answer("3", "q", "b@x")),
    ]);
    expect(ids(await store.quoting("a@x", "q"))).toEqual(["1"]);
  });

  it("finds what waits for a message, by the chat and the name of that", async () => {
    const store = await open();
    const waits = (id: string, chat: string, ref: string): OrphanRow => {
      const change = { kind: "retract" as const, from: chat, moderator: false, at: 1 };
      return { id, chat, ref, since: 1, change };
    };
    await store.write([
      put("orphans", waits("1", "a@x", "r")),
      put("orphans", waits("2", "a@x", "s")),
      put("orphans", waits("3", "b@x", "r")),
    ]);
    expect((await store.waiting("a@x", "r")).map(({ id }) => id)).toEqual(["1"]);
    expect(await store.waiting("b@x", "s")).toEqual([]);
  });

  it("scans newest first until it is told to stop", async () => {
    const store = await open();
    await store.write(
      [1, 2, 3].map((at) => put("messages", message(`${at}`, at, 0, at === 2 ? "b@x" : "a@x"))),
    );
    const seen: string[] = [];
    await store.scan(undefined, (row) => seen.push(row.id) < 2);
    expect(seen).toEqual(["3", "2"]);
    const inOne: string[] = [];
    await store.scan("a@x", (row) => inOne.push(row.id) > 0);
    expect(inOne).toEqual(["3", "1"]);
  });

  it("writes nothing after it was closed", async () => {
    const store = await open();
    await store.write([put("kv", { id: "before" })]);
    store.close();
    await store.write([put("kv", { id: "after" })]);
    expect(await store.all("kv")).toEqual([{ id: "before" }]);
  });

  it("forgets everything", async () => {
    const store = await open();
    await store.write([put("messages", message("a", 1)), put("kv", { id: "x" })]);
    await store.clear();
    expect(await store.all("kv")).toEqual([]);
    expect(await store.stretch("a@x", undefined, "older", 9)).toEqual([]);
  });

  it("keeps of all only what comes in its place", async () => {
    const store = await open();
    await store.write([put("chats", { id: "a@x" }), put("kv", { id: "x" })]);
    await store.clear([put("kv", { id: "y" })]);
    expect([await store.all("chats"), await store.all("kv")]).toEqual([[], [{ id: "y" }]]);
  });
});

it("asks for all of a batch at once, because a page that is about to go hears no answer", async () => {
  const store = await openIndexed("contract-at-once");
  store.belong("a@x");
  const asked = vi.spyOn(IDBObjectStore.prototype, "put");
  const written = store.write([put("chats", { id: "1" }), put("people", { id: "2" })]);
  expect(asked).toHaveBeenCalledTimes(2);
  asked.mockRestore();
  await written;
  expect(await store.all("chats")).toEqual([{ id: "1" }]);
});

it("begins anew when the browser has forgotten all that is kept here", async () => {
  const reload = vi.fn();
  vi.stubGlobal("location", { reload });
  const opening = vi.spyOn(indexedDB, "open");
  await openIndexed("contract-forgotten");
  const [opened] = opening.mock.results;
  const { result } = opened!.value as IDBOpenDBRequest;
  forceCloseDatabase(result as unknown as Parameters<typeof forceCloseDatabase>[0]);
  await vi.waitFor(() => expect(reload).toHaveBeenCalledTimes(1));
  opening.mockRestore();
  vi.unstubAllGlobals();
});
