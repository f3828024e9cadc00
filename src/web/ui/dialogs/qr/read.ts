import { textOf } from "./content.ts";
import { finders, marks, type Finder } from "./finders.ts";
import { corners, grids, sizeOf } from "./grid.ts";

/** So many of the likeliest finders are tried together. */
const tried = 6;

function threes(found: readonly Finder[]): ReturnType<typeof corners>[] {
  const made: ReturnType<typeof corners>[] = [];
  found.forEach((a, i) => {
    found.slice(i + 1).forEach((b, j) => {
      for (const c of found.slice(i + j + 2)) made.push(corners([a, b, c]));
    });
  });
  return made.filter((one) => one.off < 0.9).sort((a, b) => a.off - b.off);
}

/** The text of the first code in a picture of four bytes a point; undefined when none can be read. */
export function readCode(pixels: Uint8ClampedArray, width: number, height: number): string | undefined {
  const picture = marks(pixels, width, height);
  for (const found of threes(finders(picture).slice(0, tried))) {
    const likely = Math.round((sizeOf(found) - 17) / 4);
    for (const version of [likely, likely + 1, likely - 1]) {
      if (version < 1 || version > 40) continue;
      for (const grid of grids(picture, found, version)) {
        const text = textOf(grid);
        if (text) return text;
      }
    }
  }
  return undefined;
}
