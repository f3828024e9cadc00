import { expect, it } from "vitest";
import { ASIDE, meant, slide, UP } from "../../ui/composer/hold.ts";

it("a finger that slides far enough aside throws away, up locks, and anywhere else changes nothing", () => {
  expect(meant(slide(-ASIDE, 0))).toBe("discard");
  expect(meant(slide(-ASIDE - 20, -UP))).toBe("discard");
  expect(meant(slide(-UP, -UP - 20))).toBe("lock");
  expect(meant(slide(-ASIDE + 1, 0))).toBeUndefined();
  expect(meant(slide(0, -UP + 1))).toBeUndefined();
  expect(meant(slide(500, 500))).toBeUndefined();
});

it("it is followed along one direction at a time", () => {
  expect(slide(-30, -10)).toEqual({ aside: 30, up: 0 });
  expect(slide(-10, -30)).toEqual({ aside: 0, up: 30 });
  expect(slide(10, 10)).toEqual({ aside: 0, up: 0 });
});
