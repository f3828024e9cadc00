/** A picture of which each point is dark or light. */
export interface Marks {
  width: number;
  height: number;
  dark(x: number, y: number): boolean;
}

export interface Point {
  x: number;
  y: number;
}

export interface Finder extends Point {
  /** Length of one square, in points. */
  unit: number;
  /** How often it was met. */
  seen: number;
}

/** Dark is what is darker than its neighbourhood: light falls unevenly on paper and screens. Four bytes a point, as a canvas gives them. */
export function marks(pixels: Uint8ClampedArray, width: number, height: number): Marks {
  const light = new Uint8Array(width * height);
  for (let i = 0; i < light.length; i++)
    light[i] = (pixels[i * 4]! * 77 + pixels[i * 4 + 1]! * 150 + pixels[i * 4 + 2]! * 29) >> 8;
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0, row = 0; x < width; x++) {
      row += light[y * width + x]!;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row;
    }
  const reach = Math.max(8, Math.round(Math.min(width, height) / 10));
  const found = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - reach) * (width + 1);
    const bottom = Math.min(height, y + reach + 1) * (width + 1);
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - reach);
      const right = Math.min(width, x + reach + 1);
      const sum = sums[bottom + right]! - sums[bottom + left]! - sums[top + right]! + sums[top + left]!;
      const mean = sum / ((right - left) * ((bottom - top) / (width + 1)));
      found[y * width + x] = Number(light[y * width + x]! < mean - 4);
    }
  }
  return {
    width,
    height,
    dark: (x, y) => x >= 0 && y >= 0 && x < width && y < height && found[y * width + x] === 1,
  };
}

/** Whether five runs are as 1:1:3:1:1; their unit, else 0. */
function unitOf(runs: readonly number[]): number {
  const total = runs.reduce((sum, run) => sum + run, 0);
  if (total < 7 || runs.some((run) => run === 0)) return 0;
  const unit = total / 7;
  const fits = runs.every(
    (run, i) => Math.abs(run - unit * (i === 2 ? 3 : 1)) < unit * (i === 2 ? 1.5 : 0.7),
  );
  return fits ? unit : 0;
}

/** The five runs through a dark point in a direction and against it, and where the middle of the third is. */
function across(
  picture: Marks,
  at: Point,
  dx: number,
  dy: number,
): { unit: number; middle: number } | undefined {
  const walk = (sign: number) => {
    const runs = [0, 0, 0];
    let step = sign > 0 ? 0 : 1;
    for (let kind = 0; kind < 3; kind++)
      for (;;) {
        const x = at.x + dx * sign * step;
        const y = at.y + dy * sign * step;
        if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) break;
        if (picture.dark(x, y) !== (kind !== 1)) break;
        runs[kind]!++;
        step++;
      }
    return runs;
  };
  const ahead = walk(1);
  const behind = walk(-1);
  const unit = unitOf([behind[2]!, behind[1]!, behind[0]! + ahead[0]!, ahead[1]!, ahead[2]!]);
  return unit ? { unit, middle: (ahead[0]! - behind[0]!) / 2 } : undefined;
}

/** What three looks say of one point of a row. */
function check(picture: Marks, x: number, y: number): Finder | undefined {
  const down = across(picture, { x, y }, 0, 1);
  if (!down) return undefined;
  const middle = Math.round(y + down.middle - 0.5);
  const along = across(picture, { x, y: middle }, 1, 0);
  if (!along || Math.abs(along.unit - down.unit) > Math.max(along.unit, down.unit) * 0.6) return undefined;
  return { x: x + along.middle, y: y + down.middle, unit: (along.unit + down.unit) / 2, seen: 1 };
}

/** The large squares of the corners, those met most often first. */
export function finders(picture: Marks): Finder[] {
  const found: Finder[] = [];
  for (let y = 0; y < picture.height; y++) {
    const runs = [0, 0, 0, 0, 0];
    let dark = false;
    for (let x = 0; x <= picture.width; x++) {
      const now = x < picture.width && picture.dark(x, y);
      if (now === dark) {
        runs[4]!++;
        continue;
      }
      if (dark && unitOf(runs)) {
        const made = check(picture, Math.floor(x - runs[4]! - runs[3]! - runs[2]! / 2), y);
        if (made) add(found, made);
      }
      runs.shift();
      runs.push(1);
      dark = now;
    }
  }
  return found.filter((one) => one.seen > 1).sort((a, b) => b.seen - a.seen);
}

function add(found: Finder[], made: Finder): void {
  const same = found.find(
    (one) =>
      Math.hypot(one.x - made.x, one.y - made.y) < one.unit * 2.5 &&
      Math.abs(one.unit - made.unit) < one.unit * 0.6,
  );
  if (!same) {
    found.push(made);
    return;
  }
  const mix = (a: number, b: number) => (a * same.seen + b) / (same.seen + 1);
  same.x = mix(same.x, made.x);
  same.y = mix(same.y, made.y);
  same.unit = mix(same.unit, made.unit);
  same.seen++;
}
