import { expect, it } from "vitest";
import { Lookers } from "../../../state/tabs/looking.ts";

it("tells the box once when the last tab is left, and once when one is looked at again", async () => {
  const told: boolean[] = [];
  const lookers = new Lookers((on) => told.push(on));
  for (const [tab, looks] of [
    ["a", true],
    ["b", true],
    ["a", false],
    ["a", false],
    ["b", false],
    ["b", true],
  ] as const)
    await lookers.look(tab, looks);
  expect(told).toEqual([true, false, true]);
});
