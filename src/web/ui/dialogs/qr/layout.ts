/** Where things are in a QR code, and how its bytes are shared out (ISO/IEC 18004 §6 and §7, tables 9 and E.1). */

/** Dark squares; outside of it is light. */
export interface Grid {
  size: number;
  dark(x: number, y: number): boolean;
}

export type Level = 0 | 1 | 2 | 3;

// By level (L, M, Q, H), by version from 1: bytes for mending a block, and blocks.
const spares = [
  [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28],
  [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28],
  [13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30, 28],
  [17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24],
];
const lasting = [30, 28, 30, 30];
const counts = [
  [
    1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17,
    18, 19, 19, 20, 21, 22, 24, 25,
  ],
  [
    1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29,
    31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
  ],
  [
    1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38,
    40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68,
  ],
  [
    1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45,
    48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81,
  ],
];

export function versionOf(size: number): number {
  return (size - 17) / 4;
}

/** Centres of the small squares, in each direction. */
export function alignments(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const size = version * 4 + 17;
  const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => size - 7 - (count - 2 - i) * step)];
}

/** Whether a square holds no data: finders, timing, alignment, format and version. */
function reserved(version: number): (x: number, y: number) => boolean {
  const size = version * 4 + 17;
  const lines = alignments(version);
  const corner = (x: number, y: number) =>
    (x < 9 && y < 9) || (x < 9 && y >= size - 8) || (x >= size - 8 && y < 9);
  const near = (at: number) => lines.find((line) => Math.abs(line - at) <= 2);
  return (x, y) => {
    if (x === 6 || y === 6 || corner(x, y)) return true;
    if (version >= 7 && ((x < 6 && y >= size - 11) || (y < 6 && x >= size - 11))) return true;
    const column = near(x);
    const row = near(y);
    if (column === undefined || row === undefined) return false;
    const last = lines.at(-1);
    return !((column === 6 && row === 6) || (column === 6 && row === last) || (column === last && row === 6));
  };
}

/** All that a level and a mask can be written as. */
const formats = Array.from({ length: 32 }, (_, data) => {
  let rest = data;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  return ((data << 10) | rest) ^ 0x5412;
});

function ones(value: number): number {
  let count = 0;
  for (let rest = value; rest; rest &= rest - 1) count++;
  return count;
}

/** Level and mask, mended where up to three squares of fifteen are wrong; it is written twice. */
export function format(grid: Grid): { level: Level; mask: number } | undefined {
  const { size } = grid;
  const first: [number, number][] = [];
  for (let i = 0; i <= 5; i++) first.push([8, i]);
  first.push([8, 7], [8, 8], [7, 8]);
  for (let i = 9; i < 15; i++) first.push([14 - i, 8]);
  const second: [number, number][] = [];
  for (let i = 0; i < 8; i++) second.push([size - 1 - i, 8]);
  for (let i = 8; i < 15; i++) second.push([8, size - 15 + i]);
  const read = (places: [number, number][]) =>
    places.reduce((sum, [x, y], i) => sum | (Number(grid.dark(x, y)) << i), 0);
  let best = { off: 4, data: 0 };
  for (const bits of [read(first), read(second)])
    formats.forEach((known, data) => {
      const off = ones(bits ^ known);
      if (off < best.off) best = { off, data };
    });
  // 01 is L, 00 is M, 11 is Q, 10 is H.
  return best.off > 3 ? undefined : { level: ([1, 0, 3, 2] as const)[best.data >> 3]!, mask: best.data & 7 };
}

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** The bytes of a code in the order of its squares: up and down in pairs of columns, from the right. */
export function bytes(grid: Grid, mask: number): Uint8Array {
  const { size } = grid;
  const skip = reserved(versionOf(size));
  const turned = masks[mask]!;
  const found: number[] = [];
  let byte = 0;
  let bits = 0;
  let up = true;
  for (let right = size - 1; right > 0; right -= 2, up = !up) {
    if (right === 6) right--;
    for (let i = 0; i < size; i++)
      for (const x of [right, right - 1]) {
        const y = up ? size - 1 - i : i;
        if (skip(x, y)) continue;
        byte = (byte << 1) | Number(grid.dark(x, y) !== turned(x, y));
        if (++bits < 8) continue;
        found.push(byte & 255);
        byte = bits = 0;
      }
  }
  return Uint8Array.from(found);
}

export interface Block {
  bytes: Uint8Array;
  spare: number;
}

/** Takes the blocks apart, whose bytes are dealt out like cards; the last ones are a byte longer. */
export function blocks(all: Uint8Array, version: number, level: Level): Block[] {
  const spare = spares[level]![version - 1] ?? lasting[level]!;
  const count = counts[level]![version - 1]!;
  const short = Math.floor(all.length / count) - spare;
  const longer = all.length % count;
  const made = Array.from({ length: count }, (_, i) => ({
    bytes: new Uint8Array(short + spare + Number(i >= count - longer)),
    spare,
  }));
  let next = 0;
  for (let i = 0; i < short; i++) for (const block of made) block.bytes[i] = all[next++]!;
  for (const block of made.slice(count - longer)) block.bytes[short] = all[next++]!;
  for (let i = 0; i < spare; i++)
    for (const block of made) block.bytes[block.bytes.length - spare + i] = all[next++]!;
  return made;
}
