import "fake-indexeddb/auto";
import { afterEach, expect, it, vi } from "vitest";
import { openIndexed } from "../../store/indexed.ts";
import { put, type Write } from "../../store/store.ts";

let number = 0;
afterEach(() => vi.restoreAllMocks());

/** From now on so many transactions end as they do where there is no room. */
function full(times: number): void {
  const commit = vi.spyOn(IDBTransaction.prototype, "commit");
  for (let time = 0; time < times; time++)
    commit.mockImplementationOnce(function (this: IDBTransaction) {
      (this as unknown as { _abort(why: string): void })._abort("QuotaExceededError");
    });
}
const file = put("files", { id: "file x" });
const word = (id: string): Write => put("kv", { id });

it("where there is no room, kept files make some for what cannot be fetched again", async () => {
  const store = await openIndexed(`full-${number++}`);
  await store.write([file]);
  full(1);
  await store.write([word("said")]);
  expect(await store.get("kv", "said")).toBeDefined();
  expect(await store.all("files")).toEqual([]);
});

it("for another file they make none, and where that is not enough it is told", async () => {
  const store = await openIndexed(`full-${number++}`);
  await store.write([file]);
  full(1);
  await expect(store.write([put("files", { id: "file y" })])).rejects.toMatchObject({
    name: "QuotaExceededError",
  });
  expect(await store.all("files")).toHaveLength(1);
  full(2);
  await expect(store.write([word("lost")])).rejects.toMatchObject({ name: "QuotaExceededError" });
  expect(await store.get("kv", "lost")).toBeUndefined();
});
