import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { angle, hsluv, lightness, type Rgb } from "../../ui/text/colour.ts";

const sheet = readFileSync(new URL("../../ui/tokens.css", import.meta.url), "utf8");
const parts = sheet.split(/@media|:root\[data-theme="dark"\]/);

function tokens(text: string): Map<string, Rgb> {
  const found = new Map<string, Rgb>();
  for (const [, name, hex] of text.matchAll(/--([\w-]+): #([0-9a-f]{3}|[0-9a-f]{6});/g)) {
    const six = hex!.length === 3 ? [...hex!].map((one) => one + one).join("") : hex!;
    found.set(name!, [0, 2, 4].map((at) => parseInt(six.slice(at, at + 2), 16)) as unknown as Rgb);
  }
  return found;
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const pairs = [
  ["text", "bg"], ["text", "surface"], ["text", "own"], ["text", "other"], ["text", "raised"],
  ["muted", "bg"], ["muted", "surface"], ["muted", "other"], ["muted", "raised"], ["own-muted", "own"], ["own-muted", "soft"],
  ["own-unread", "own"],
  ["on-unread", "own-unread"],
  ["accent", "bg"], ["accent", "surface"], ["accent", "own"], ["accent", "other"], ["accent", "raised"],
  ["on-accent", "accent"], ["on-accent", "accent-strong"], ["on-soft", "soft"],
  ["unread", "bg"], ["on-unread", "unread"], ["wrong", "surface"], ["wrong", "wrong-soft"], ["wrong", "bg"],
] as const; // prettier-ignore

describe.each([
  ["light", tokens(parts[0]!), lightness.light],
  ["dark", tokens(parts[2]!), lightness.dark],
] as const)("%s", (_, colour, light) => {
  it.each(pairs)("%s on %s", (text, ground) => {
    expect(contrast(colour.get(text)!, colour.get(ground)!)).toBeGreaterThanOrEqual(4.5);
  });

  it("names in every hue on a bubble", () => {
    for (let hue = 0; hue < 360; hue++)
      expect(contrast(hsluv(hue, 90, light), colour.get("other")!)).toBeGreaterThanOrEqual(4.5);
  });
});

it("the two copies of the dark theme are one", () => {
  expect(tokens(parts[1]!)).toEqual(tokens(parts[2]!));
});

it("white letters on the ground of every hue", () => {
  for (let hue = 0; hue < 360; hue++)
    expect(contrast(hsluv(hue, 78, lightness.ground), [255, 255, 255])).toBeGreaterThanOrEqual(4.5);
});

// XEP-0392 §13.2, test vectors without a correction.
it.each([
  ["Romeo", 327.255249],
  ["juliet@capulet.lit", 209.4104],
  ["😺", 331.199341],
  ["council", 359.994507],
])("the angle of %s", (text, degrees) => {
  expect(angle(text)).toBeCloseTo(degrees, 4);
});

// The same place, §13.2: saturation 100, lightness 50.
it.each([
  ["Romeo", [0.865, 0.0, 0.686]],
  ["juliet@capulet.lit", [0.0, 0.515, 0.573]],
  ["😺", [0.872, 0.0, 0.659]],
  ["council", [0.918, 0.0, 0.394]],
] as const)("the colour of %s", (text, wanted) => {
  hsluv(angle(text), 100, 50).forEach((value, i) => {
    expect(value / 255).toBeCloseTo(wanted[i]!, 2);
  });
});
