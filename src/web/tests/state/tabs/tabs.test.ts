import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Tabs, type Leader } from "../../../state/tabs/tabs.ts";

/** Web Locks as the standard has them: who steals one rejects the holder's promise, and stops nothing of what it does. */
class Locks {
  private holder: ((reason: unknown) => void) | undefined;
  private readonly queue: (() => void)[] = [];

  request(_: string, { steal }: LockOptions, act: () => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const take = () => {
        this.holder = reject;
        act().then(resolve, reject);
      };
      if (this.holder && !steal) return void this.queue.push(take);
      this.holder?.(new DOMException("stolen", "AbortError"));
      take();
    });
  }
}

const reload = vi.fn();
const leader = (call: Leader["call"] = () => Promise.resolve()): Leader => ({ call, snapshot: () => ({}) });
let account = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.stubGlobal("navigator", { locks: new Locks() });
  vi.stubGlobal("location", { reload });
  account++;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  reload.mockReset();
});

const tab = () => new Tabs(`mia${account}@kith.test`, () => undefined);
/** A start that ends when the test says so. */
function start() {
  const begun = vi.fn();
  let end!: () => void;
  const ended = new Promise<Leader>((resolve) => (end = () => resolve(leader())));
  return { begun, end, lead: () => (begun(), ended) };
}

it("leads once, however long it takes to begin", async () => {
  const { lead, begun, end } = start();
  const joined = tab().join(lead);
  await vi.advanceTimersByTimeAsync(60_000);
  end();
  await joined;
  expect(begun).toHaveBeenCalledTimes(1);
  expect(reload).not.toHaveBeenCalled();
});

it("waits for another tab that is about to begin, and takes the lead from one that is silent", async () => {
  const slow = start();
  const first = tab();
  const joined = first.join(slow.lead);
  const second = start();
  const other = tab();
  const said = vi.spyOn(BroadcastChannel.prototype, "postMessage");
  void other.join(second.lead);
  await vi.waitFor(() => expect(said).toHaveBeenCalledWith({ kind: "begins" }));
  await vi.advanceTimersByTimeAsync(5000);
  expect(second.begun).not.toHaveBeenCalled();

  // Asleep: it hears nothing any more.
  (first as unknown as { channel: BroadcastChannel }).channel.onmessage = null;
  await vi.advanceTimersByTimeAsync(10_000);
  await vi.waitFor(() => expect(second.begun).toHaveBeenCalled());
  expect(reload).toHaveBeenCalledTimes(1);
  slow.end();
  await joined;
});

it("takes the lead from a tab that has fallen asleep, and does what was asked of it", async () => {
  const first = tab();
  await first.join(() => Promise.resolve(leader()));
  const other = tab();
  const calls: string[] = [];
  await other.join(() => Promise.resolve(leader((method) => Promise.resolve(calls.push(method)))));
  await other.call("read");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reload).not.toHaveBeenCalled();

  (first as unknown as { channel: BroadcastChannel }).channel.onmessage = null;
  const sent = other.call("send");
  await vi.advanceTimersByTimeAsync(10_000);
  await sent;
  expect(calls).toEqual(["send"]);
  expect(reload).toHaveBeenCalledTimes(1);
});

it("waits for what takes its time in a tab that leads and is awake", async () => {
  let answer!: () => void;
  const slow = new Promise<void>((resolve) => (answer = resolve));
  await tab().join(() => Promise.resolve(leader((method) => (method === "slow" ? slow : Promise.resolve()))));
  const other = tab();
  const { begun, lead } = start();
  await other.join(lead);
  const said = vi.spyOn(BroadcastChannel.prototype, "postMessage");
  const asked = other.call("slow");
  await vi.advanceTimersByTimeAsync(4500);
  expect(said).toHaveBeenCalledWith({ kind: "hello" });
  await vi.waitFor(() => expect(said).toHaveBeenCalledWith(expect.objectContaining({ kind: "patch" })));
  await vi.advanceTimersByTimeAsync(10_000);
  answer();
  await asked;
  expect(begun).not.toHaveBeenCalled();
});

it("what was asked of the tab that leads stands when a third one comes", async () => {
  let answer!: (value: unknown) => void;
  const calls: string[] = [];
  await tab().join(() =>
    Promise.resolve(
      leader((method) => {
        calls.push(method);
        return new Promise((resolve) => (answer = resolve));
      }),
    ),
  );
  const second = tab();
  await second.join(start().lead);
  const made = second.call("createGroup", { name: "Walks" });
  await vi.waitFor(() => expect(calls).toEqual(["createGroup"]));
  await tab().join(start().lead);
  answer("walks@groups.kith.test");
  expect(await made).toBe("walks@groups.kith.test");
  expect(calls).toEqual(["createGroup"]);
});
