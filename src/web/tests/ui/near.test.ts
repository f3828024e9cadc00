import { describe, expect, it } from "vitest";
import { near } from "../../ui/list/near.ts";

const look = { row: 72, view: 720, top: 0 };

describe("rows of a long list that are in the page", () => {
  it("a short list is there as a whole", () => {
    expect(near(80, look)).toEqual({ start: 0, end: 80, before: 0, after: 0 });
    expect(near(0, look)).toEqual({ start: 0, end: 0, before: 0, after: 0 });
  });

  it("of five thousand there are fifty around the window, and room for the others", () => {
    const at = near(5000, { ...look, top: 72 * 2500 });
    expect(at).toEqual({ start: 2480, end: 2540, before: 2480 * 72, after: 2460 * 72 });
    expect(near(5000, look)).toMatchObject({ start: 0, end: 40, before: 0 });
  });

  it("scrolling row by row draws other rows only at every tenth", () => {
    const starts = new Set(
      Array.from({ length: 100 }, (_, row) => near(5000, { ...look, top: row * 72 }).start),
    );
    expect([...starts]).toEqual([0, 10, 20, 30, 40, 50, 60, 70]);
  });

  it("the window is always covered, and never past the end", () => {
    for (let top = 0; top <= 200 * 72 - 720; top += 31) {
      const { start, end, before, after } = near(200, { ...look, top });
      expect(before).toBeLessThanOrEqual(top);
      expect(end * 72).toBeGreaterThanOrEqual(top + 720);
      expect(before + (end - start) * 72 + after).toBe(200 * 72);
    }
  });

  it("a list that became shorter than where the window was shows its end", () => {
    expect(near(100, { ...look, top: 72 * 4000 })).toMatchObject({ end: 100, after: 0 });
  });
});
