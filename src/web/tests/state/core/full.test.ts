import { expect, it, vi } from "vitest";
import { t } from "../../../i18n/index.ts";
import { Memory } from "../../../store/memory.ts";
import { Archive } from "../archive.ts";
import { BEN, body, Desk, said } from "../desk.ts";

const FULL = new DOMException("no room", "QuotaExceededError");
const START = Date.now() - 600_000;

/** A disk that can be full. */
class Disk extends Memory {
  isFull = false;

  override write(changes: Parameters<Memory["write"]>[0]): Promise<void> {
    return this.isFull && changes.length > 0 ? Promise.reject(FULL) : super.write(changes);
  }
}

async function begin(): Promise<{ desk: Desk; disk: Disk; archive: Archive }> {
  const [disk, archive] = [new Disk(), new Archive()];
  archive.add("s-m0", START, said("m0", body("0")));
  return { disk, archive, desk: await Desk.open(disk, archive, [BEN]) };
}

const unread = (desk: Desk) => desk.mirror.chats.value.map((chat) => chat.unread);
const toasts = (desk: Desk) => desk.mirror.toasts.value.map((toast) => toast.text);

it("what there is no room for is said once, counted nowhere, and comes from the archive when there is room again", async () => {
  const { desk, disk, archive } = await begin();
  expect(unread(desk)).toEqual([0]);
  disk.isFull = true;
  for (const number of [1, 2]) {
    archive.add(`s-m${number}`, START + number, said(`m${number}`, body(`${number}`)));
    await desk.hear(said(`m${number}`, body(`${number}`)));
  }
  expect(toasts(desk)).toEqual([t("error.full")]);
  expect(unread(desk)).toEqual([0]);
  expect(desk.mirror.chats.value[0]?.last?.text).toBe("0");

  disk.isFull = false;
  await desk.hear(said("m3", body("3")));
  expect(unread(desk)).toEqual([1]);
  archive.add("s-m3", START + 3, said("m3", body("3")));
  await desk.again();
  expect((await desk.kept()).map(({ text }) => text)).toEqual(["0", "1", "2", "3"]);
  expect(unread(desk)).toEqual([3]);
});

it("a first word that there is no room for leaves no empty chat behind", async () => {
  const { desk, disk } = await begin();
  disk.isFull = true;
  const from = "mia@kith.test/phone";
  await desk.hear(said("new", body("hello"), from));
  expect(desk.mirror.chats.value.map(({ id }) => id)).toEqual([BEN]);
  disk.isFull = false;
  await desk.hear(said("new", body("hello"), from));
  expect(desk.mirror.chats.value.find(({ id }) => id !== BEN)?.unread).toBe(1);
});

it("what was said and what was set fails where nothing can be kept, and is not shown as if it had been", async () => {
  const { desk, disk } = await begin();
  disk.isFull = true;
  await expect(desk.do.send(BEN, "for the bin")).rejects.toBe(FULL);
  await expect(desk.do.draft(BEN, "half")).rejects.toBe(FULL);
  expect(await desk.kept()).toHaveLength(1);
  expect(desk.mirror.chats.value[0]).not.toHaveProperty("draft");
  expect(desk.mirror.chats.value[0]?.last?.text).toBe("0");
  disk.isFull = false;
  await desk.say("kept");
  expect((await desk.kept()).map(({ text }) => text)).toEqual(["0", "kept"]);
});

it("a session that begins without room is there for others all the same", async () => {
  const { desk, disk, archive } = await begin();
  archive.add("s-m1", START + 1, said("m1", body("1")));
  disk.isFull = true;
  const presences = () => desk.sent.filter((one) => one.is("presence")).length;
  const before = presences();
  void desk.again();
  await desk.until(() => presences() > before);
  expect(toasts(desk)).toEqual([t("error.full")]);
});

it("what waits to be sent is tried again when there is room", async () => {
  const { desk } = await begin();
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  const sent = () => desk.sent.filter((one) => one.getChildText("body") === "wait").length;
  // What it is encrypted with moves on with each message, and has to be kept.
  vi.spyOn(desk.engine.outbox.means, "seal").mockRejectedValueOnce(FULL);
  await desk.do.send(BEN, "wait");
  await desk.until(() => vi.getTimerCount() > 0);
  expect(sent()).toBe(0);
  expect((await desk.kept()).at(-1)).toMatchObject({ text: "wait", state: "waiting" });
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
  await desk.until(() => sent() === 1);
});
