import { describe, expect, it } from "vitest";
import { limits, middle, moved, square, zoomed } from "../../ui/dialogs/crop.ts";

const wide = { width: 900, height: 600 };

describe("crop", () => {
  it("begins with the largest square of the middle", () => {
    expect(square(middle(wide))).toEqual({ x: 150, y: 0, side: 600 });
  });

  it("is never moved off the picture", () => {
    const left = square(moved(middle(wide), wide, 9, 9));
    expect(left.x).toBeCloseTo(0);
    expect(left.y).toBeCloseTo(0);
    const right = square(moved(middle(wide), wide, -9, -9));
    expect(right.x + right.side).toBeCloseTo(900);
    expect(right.y + right.side).toBeCloseTo(600);
  });

  it("goes nearer to a point, which stays where it is", () => {
    const at = { x: 0.25, y: 0.75 };
    const before = middle(wide);
    const after = zoomed(before, wide, before.scale * 2, at);
    const seen = (crop: typeof before) => ({
      x: square(crop).x + at.x * square(crop).side,
      y: square(crop).y + at.y * square(crop).side,
    });
    expect(seen(after).x).toBeCloseTo(seen(before).x);
    expect(seen(after).y).toBeCloseTo(seen(before).y);
    expect(square(after).side).toBeCloseTo(300);
  });

  it("stays between the whole and a sixth, and never below 64 pixels", () => {
    const { least, most } = limits(wide);
    expect(square(zoomed(middle(wide), wide, 0)).side).toBeCloseTo(600);
    expect(most / least).toBeCloseTo(6);
    const small = { width: 100, height: 100 };
    expect(square(zoomed(middle(small), small, 99)).side).toBeCloseTo(64);
    const tiny = { width: 20, height: 10 };
    expect(limits(tiny).most).toBe(limits(tiny).least);
  });
});
