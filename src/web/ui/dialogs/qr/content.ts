import { blocks, bytes, format, versionOf, type Grid } from "./layout.ts";
import { mend } from "./solomon.ts";

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

class Bits {
  #at = 0;

  constructor(private readonly data: Uint8Array) {}

  get left(): number {
    return this.data.length * 8 - this.#at;
  }

  take(count: number): number {
    if (count > this.left) throw new RangeError("too short");
    let value = 0;
    for (let i = 0; i < count; i++, this.#at++)
      value = (value << 1) | ((this.data[this.#at >> 3]! >> (7 - (this.#at & 7))) & 1);
    return value;
  }
}

function numbers(bits: Bits, count: number): string {
  let text = "";
  for (let left = count; left > 0; left -= 3) {
    const digits = Math.min(left, 3);
    text += String(bits.take([0, 4, 7, 10][digits]!)).padStart(digits, "0");
  }
  return text;
}

function capitals(bits: Bits, count: number): string {
  let text = "";
  for (let left = count; left > 0; left -= 2) {
    if (left === 1) return text + letters.charAt(bits.take(6));
    const pair = bits.take(11);
    text += letters.charAt(Math.floor(pair / 45)) + letters.charAt(pair % 45);
  }
  return text;
}

/** Bits of a count, by kind and by version up to 9, 26 and 40. */
function countBits(kind: number, version: number): number {
  const step = version < 10 ? 0 : version < 27 ? 1 : 2;
  return { 1: [10, 12, 14], 2: [9, 11, 13], 4: [8, 16, 16] }[kind]?.[step] ?? 0;
}

/** The text of mended data; kinds that links never have (Kanji, several codes as one) are left alone. */
function text(data: Uint8Array, version: number): string | undefined {
  const bits = new Bits(data);
  let found = "";
  while (bits.left >= 4) {
    const kind = bits.take(4);
    if (kind === 0) break;
    if (kind === 7) {
      // Which alphabet: one to three bytes. Bytes are read as UTF-8 either way.
      const first = bits.take(8);
      bits.take(first < 128 ? 0 : first < 192 ? 8 : 16);
      continue;
    }
    const count = bits.take(countBits(kind, version));
    if (kind === 1) found += numbers(bits, count);
    else if (kind === 2) found += capitals(bits, count);
    else if (kind === 4)
      found += new TextDecoder().decode(Uint8Array.from({ length: count }, () => bits.take(8)));
    else return undefined;
  }
  return found;
}

/** Reads a code whose squares are known; undefined when it is none, or too much of it is wrong. */
export function textOf(grid: Grid): string | undefined {
  const version = versionOf(grid.size);
  const how = format(grid);
  if (!how || !Number.isInteger(version) || version < 1 || version > 40) return undefined;
  const data: number[] = [];
  for (const block of blocks(bytes(grid, how.mask), version, how.level)) {
    if (!mend(block.bytes, block.spare)) return undefined;
    data.push(...block.bytes.subarray(0, block.bytes.length - block.spare));
  }
  try {
    return text(Uint8Array.from(data), version);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
