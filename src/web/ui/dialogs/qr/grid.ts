import type { Finder, Marks, Point } from "./finders.ts";
import { alignments, type Grid } from "./layout.ts";

/** The three corners that have a finder. */
export interface Corners {
  first: Finder;
  right: Finder;
  below: Finder;
}

/** Which of three is the corner between the others, and which way round the others are; and how far it is from a right angle. */
export function corners(three: readonly [Finder, Finder, Finder]): Corners & { off: number } {
  const far = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
  const [a, b, c] = three;
  const sides = [
    { long: far(b, c), first: a, other: [b, c] },
    { long: far(a, c), first: b, other: [a, c] },
    { long: far(a, b), first: c, other: [a, b] },
  ].sort((one, two) => two.long - one.long);
  const { first, other, long } = sides[0]!;
  const [p, q] = other as [Finder, Finder];
  const turn = (p.x - first.x) * (q.y - first.y) - (p.y - first.y) * (q.x - first.x);
  const [one, two] = [far(first, p), far(first, q)];
  const off =
    Math.abs(one - two) / Math.max(one, two) +
    Math.abs(long / Math.hypot(one, two) - 1) +
    Math.abs(p.unit - q.unit) / Math.max(p.unit, q.unit);
  return turn > 0 ? { first, right: p, below: q, off } : { first, right: q, below: p, off };
}

/** From squares of the code to points of the picture. */
type Place = (x: number, y: number) => Point;

/** The perspective through four pairs of a square and a point. */
function through(pairs: readonly (readonly [number, number, Point])[]): Place {
  const [a, b, c, d, e, f, g, h] = solve(pairs) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return (x, y) => {
    const w = g * x + h * y + 1;
    return { x: (a * x + b * y + c) / w, y: (d * x + e * y + f) / w };
  };
}

/** The eight numbers of a map through four pairs, by Gauss's elimination. */
function solve(pairs: readonly (readonly [number, number, Point])[]): number[] {
  const rows = pairs.flatMap(([x, y, to]) => [
    [x, y, 1, 0, 0, 0, -x * to.x, -y * to.x, to.x],
    [0, 0, 0, x, y, 1, -x * to.y, -y * to.y, to.y],
  ]);
  for (let i = 0; i < 8; i++) {
    const pivot = rows
      .slice(i)
      .reduce((best, row, k) => (Math.abs(row[i]!) > Math.abs(rows[best]![i]!) ? i + k : best), i);
    [rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!];
    const scale = rows[i]![i]! || 1e-9;
    rows[i] = rows[i]!.map((value) => value / scale);
    rows.forEach((row, k) => {
      if (k !== i) rows[k] = row.map((value, j) => value - row[i]! * rows[i]![j]!);
    });
  }
  return rows.map((row) => row[8]!);
}

/** The corner without a finder has a small square: looked for around where it would be on a flat picture. */
function small(picture: Marks, guess: Place, at: number): Point | undefined {
  let best = { hits: 21, x: 0, y: 0, far: Infinity };
  for (let dy = -5; dy <= 5; dy += 0.5)
    for (let dx = -5; dx <= 5; dx += 0.5) {
      let hits = 0;
      for (let y = -2; y <= 2; y++)
        for (let x = -2; x <= 2; x++) {
          const point = guess(at + 0.5 + dx + x, at + 0.5 + dy + y);
          const ring = Math.max(Math.abs(x), Math.abs(y)) !== 1;
          hits += Number(picture.dark(Math.floor(point.x), Math.floor(point.y)) === ring);
        }
      const far = Math.hypot(dx, dy);
      if (hits > best.hits || (hits === best.hits && far < best.far)) best = { hits, x: dx, y: dy, far };
    }
  return best.far === Infinity ? undefined : guess(at + 0.5 + best.x, at + 0.5 + best.y);
}

/** How many squares a side has, as the finders' distance and size have it. */
export function sizeOf({ first, right, below }: Corners): number {
  // Units are measured along rows and columns: in a turned code these run aslant.
  const aslant = Math.atan2(right.y - first.y, right.x - first.x) % (Math.PI / 2);
  const turned = Math.max(Math.abs(Math.cos(aslant)), Math.abs(Math.sin(aslant)));
  const unit = ((first.unit + right.unit + below.unit) / 3) * turned;
  const far =
    (Math.hypot(first.x - right.x, first.y - right.y) + Math.hypot(first.x - below.x, first.y - below.y)) / 2;
  return far / unit + 7;
}

/** The squares of a code of a version, between three finders; twice where the fourth corner has a small square that may be missed. */
export function grids(picture: Marks, found: Corners, version: number): Grid[] {
  const size = version * 4 + 17;
  const { first, right, below } = found;
  const last = { x: right.x + below.x - first.x, y: right.y + below.y - first.y };
  const near = 3.5;
  const far = size - 3.5;
  const three = [
    [near, near, first],
    [far, near, right],
    [near, far, below],
  ] as const;
  const flat = through([...three, [far, far, last]]);
  const places = [flat];
  const line = alignments(version).at(-1);
  const corner = line === undefined ? undefined : small(picture, flat, line);
  if (corner && line !== undefined) places.unshift(through([...three, [line + 0.5, line + 0.5, corner]]));
  return places.map((place) => ({
    size,
    dark: (x, y) => {
      const point = place(x + 0.5, y + 0.5);
      return picture.dark(Math.floor(point.x), Math.floor(point.y));
    },
  }));
}
