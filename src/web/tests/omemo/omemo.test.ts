import { expect, test } from "vitest";
import { World } from "./world.ts";

const [mia, ben] = ["mia@kith.example", "ben@kith.example"];

test("a message and its answer are read, and the exchange is not repeated after the answer", async () => {
  const world = new World();
  const [phone, tablet] = [await world.device(mia), await world.device(ben)];
  const first = await phone.say(ben, "hello");
  expect(first.getChild("encrypted")!.getChild("header")!.getChild("key")!.attrs["prekey"]).toBe("true");
  expect(await tablet.read(first, mia)).toBe("hello");
  expect(await phone.read(await tablet.say(mia, "there you are"), ben)).toBe("there you are");
  const second = await phone.say(ben, "again");
  expect(second.getChild("encrypted")!.getChild("header")!.getChild("key")!.attrs["prekey"]).toBeUndefined();
  expect(await tablet.read(second, mia)).toBe("again");
});
