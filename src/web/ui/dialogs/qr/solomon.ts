/** Reed-Solomon over GF(256) as QR codes use it (ISO/IEC 18004, x⁸+x⁴+x³+x²+1, first root 1). */
const exp = new Uint8Array(512);
const log = new Uint8Array(256);
for (let i = 0, value = 1; i < 255; i++) {
  exp[i] = exp[i + 255] = value;
  log[value] = i;
  value = value & 0x80 ? (value << 1) ^ 0x11d : value << 1;
}

function times(a: number, b: number): number {
  return a && b ? exp[log[a]! + log[b]!]! : 0;
}

/** The value of a polynomial, lowest power first. */
function at(polynomial: readonly number[], x: number): number {
  let sum = 0;
  for (let i = polynomial.length - 1; i >= 0; i--) sum = times(sum, x) ^ polynomial[i]!;
  return sum;
}

/** Berlekamp-Massey: the polynomial whose roots tell where the errors are. */
function locator(syndromes: readonly number[]): number[] {
  let now = [1];
  let before = [1];
  let errors = 0;
  let shift = 1;
  let scale = 1;
  syndromes.forEach((_, n) => {
    let gap = syndromes[n]!;
    for (let i = 1; i <= errors; i++) gap ^= times(now[i] ?? 0, syndromes[n - i]!);
    if (!gap) {
      shift++;
      return;
    }
    const kept = now;
    const factor = times(gap, exp[255 - log[scale]!]!);
    now = Array.from({ length: Math.max(now.length, before.length + shift) }, (_, i) => {
      return (now[i] ?? 0) ^ times(factor, before[i - shift] ?? 0);
    });
    if (2 * errors > n) shift++;
    else {
      errors = n + 1 - errors;
      before = kept;
      scale = gap;
      shift = 1;
    }
  });
  return now.slice(0, errors + 1);
}

/** Mends a block in its place, its last `spare` bytes being for that; false when too much of it is wrong. */
export function mend(block: Uint8Array, spare: number): boolean {
  const syndromes = Array.from({ length: spare }, (_, i) =>
    block.reduce((sum, byte) => times(sum, exp[i]!) ^ byte, 0),
  );
  if (syndromes.every((one) => one === 0)) return true;
  const where = locator(syndromes);
  const count = where.length - 1;
  if (count * 2 > spare) return false;
  const places: number[] = [];
  for (let i = 0; i < block.length; i++) if (at(where, exp[(255 - i) % 255]!) === 0) places.push(i);
  if (places.length !== count) return false;
  // Forney: how wrong each of them is.
  const values = Array.from({ length: spare }, (_, n) => {
    let sum = 0;
    for (let i = 0; i <= Math.min(n, count); i++) sum ^= times(where[i]!, syndromes[n - i]!);
    return sum;
  });
  for (const place of places) {
    const inverse = exp[(255 - place) % 255]!;
    let slope = 0;
    for (let i = 1; i <= count; i += 2) slope ^= times(where[i]!, exp[(log[inverse]! * (i - 1)) % 255]!);
    if (!slope) return false;
    const error = times(times(exp[place]!, at(values, inverse)), exp[255 - log[slope]!]!);
    block[block.length - 1 - place]! ^= error;
  }
  return Array.from({ length: spare }, (_, i) =>
    block.reduce((sum, byte) => times(sum, exp[i]!) ^ byte, 0),
  ).every((one) => one === 0);
}
