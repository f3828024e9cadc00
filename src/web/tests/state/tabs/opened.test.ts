import { expect, it, vi } from "vitest";
import { Mirror } from "../../../state/tabs/mirror.ts";
import { Memory } from "../../../store/memory.ts";

it.each([
  ["text/html", "application/octet-stream"],
  ["image/svg+xml", "application/octet-stream"],
  ["application/xhtml+xml", "application/octet-stream"],
  ["image/png", "image/png"],
  ["video/mp4", "video/mp4"],
])("a file that its sender calls %s has an address as %s", async (said, held) => {
  const make = vi.spyOn(URL, "createObjectURL");
  const blob = new Blob(["<script>alert(1)</script>"], { type: said });
  const me = { address: "oma@kith.test", name: "Oma", own: false };
  const mirror = new Mirror(new Memory(), () => Promise.resolve(blob) as never, me);
  await mirror.file({ url: "https://kith.test/upload/x", name: "x", type: "image/png" });
  const made = make.mock.lastCall![0] as Blob;
  expect([made.type, made.size]).toEqual([held, blob.size]);
  make.mockRestore();
});
