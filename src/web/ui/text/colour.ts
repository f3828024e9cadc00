import { sha1 } from "@noble/hashes/legacy.js";

export type Rgb = readonly [number, number, number];

/** XEP-0392 §5.1: where a name lies on the colour wheel, in degrees. */
export function angle(name: string): number {
  const [low, high] = sha1(new TextEncoder().encode(name));
  return ((high! * 256 + low!) / 65536) * 360;
}

const matrix = [
  [3.240969941904521, -1.537383177570093, -0.498610760293],
  [-0.96924363628087, 1.87596750150772, 0.041555057407175],
  [0.055630079696993, -0.20397695888897, 1.056971514242878],
] as const;
const [whiteU, whiteV] = [0.19783000664283, 0.46831999493879];

/** The most chroma that sRGB has for a lightness and a hue: the nearest of the six edges of its body. */
function mostChroma(lightness: number, hue: number): number {
  const cubed = ((lightness + 16) / 116) ** 3;
  const y = cubed > 216 / 24389 ? cubed : lightness / (24389 / 27);
  let least = Infinity;
  for (const [m1, m2, m3] of matrix)
    for (const edge of [0, 1]) {
      const top1 = (284517 * m1 - 94839 * m3) * y;
      const top2 = (838422 * m3 + 769860 * m2 + 731718 * m1) * lightness * y - 769860 * edge * lightness;
      const bottom = (632260 * m3 - 126452 * m2) * y + 126452 * edge;
      const length = top2 / bottom / (Math.sin(hue) - (top1 / bottom) * Math.cos(hue));
      if (length >= 0) least = Math.min(least, length);
    }
  return least;
}

/** HSLuv (hsluv.org), as XEP-0392 §5.2 asks: degrees and percent to sRGB of 0 to 255. */
export function hsluv(degrees: number, saturation: number, lightness: number): Rgb {
  const hue = (degrees * Math.PI) / 180;
  const chroma = (mostChroma(lightness, hue) * saturation) / 100;
  const u = (Math.cos(hue) * chroma) / (13 * lightness) + whiteU;
  const v = (Math.sin(hue) * chroma) / (13 * lightness) + whiteV;
  const y = lightness > 8 ? ((lightness + 16) / 116) ** 3 : lightness / (24389 / 27);
  const x = (9 * y * u) / (4 * v);
  const z = (y * (12 - 3 * u - 20 * v)) / (4 * v);
  return matrix.map(([a, b, c]) => {
    const linear = a * x + b * y + c * z;
    const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
    return Math.round(Math.min(1, Math.max(0, value)) * 255);
  }) as unknown as Rgb;
}

function css([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}

export interface NameColours {
  /** The name on a light and on a dark bubble, and a ground for white letters. */
  light: string;
  dark: string;
  ground: string;
}

/** Lightness alone decides contrast in HSLuv, so it is chosen for each ground and the hue left to the name. */
export const lightness = { light: 43, dark: 72, ground: 43 };
const known = new Map<string, NameColours>();

/** The colours of a person or group, from the address (XEP-0392 §5). */
export function colours(name: string): NameColours {
  let made = known.get(name);
  if (!made) {
    const hue = angle(name);
    made = {
      light: css(hsluv(hue, 90, lightness.light)),
      dark: css(hsluv(hue, 80, lightness.dark)),
      ground: css(hsluv(hue, 78, lightness.ground)),
    };
    known.set(name, made);
  }
  return made;
}
