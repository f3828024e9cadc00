import qrcode from "qrcode-generator";
import { describe, expect, it } from "vitest";
import { textOf } from "../../ui/dialogs/qr/content.ts";
import { readCode } from "../../ui/dialogs/qr/read.ts";
import { mend } from "../../ui/dialogs/qr/solomon.ts";

type Level = "L" | "M" | "Q" | "H";
type Version = Parameters<typeof qrcode>[0];

function grid(text: string, level: Level = "M", version: Version = 0, kind?: "Numeric" | "Alphanumeric") {
  const code = qrcode(version, level);
  code.addData(text, kind);
  code.make();
  return { size: code.getModuleCount(), dark: (x: number, y: number) => code.isDark(y, x) };
}

/** Numbers that are always the same. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

type Map = (x: number, y: number) => [number, number];

/** A photo of a code: `back` tells for a point of the photo which point of the code it shows, in squares. */
function photo(code: ReturnType<typeof grid>, size: number, back: Map, noise = 0) {
  const next = random(7);
  const pixels = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const [u, v] = back(x + 0.5, y + 0.5);
      const inside = u >= 0 && v >= 0 && u < code.size && v < code.size;
      const dark = inside && code.dark(Math.floor(u), Math.floor(v));
      // Light falls from the left.
      const light = (dark ? 50 : 200) - (x / size) * 45 + (next() - 0.5) * noise;
      pixels.set([light, light, light, 255], (y * size + x) * 4);
    }
  return readCode(pixels, size, size);
}

const link =
  "xmpp:anna@kith.example?omemo-sid-401220118=3f2a91c07be4d85512aa6e09c4f1b7d8e62390ab5cd41f78a0e9b3c6d7f21458";

describe("textOf", () => {
  it("reads every version, and every level of the small ones", () => {
    const levels = ["L", "M", "Q", "H"] as const;
    for (let version = 1; version <= 40; version++)
      for (const level of version < 10 ? levels : [levels[version % 4]!])
        expect(textOf(grid("kith", level, version as Version)), `${version}${level}`).toBe("kith");
  }, 60_000);

  it("reads every kind that links have", () => {
    expect(textOf(grid("0123456789012", "M", 0, "Numeric"))).toBe("0123456789012");
    expect(textOf(grid("HTTPS://KITH.EXAMPLE/INVITE/A1", "M", 0, "Alphanumeric"))).toBe(
      "HTTPS://KITH.EXAMPLE/INVITE/A1",
    );
    expect(textOf(grid(link, "Q"))).toBe(link);
  });

  it("mends a corner that is covered, and gives up on half of it", () => {
    const code = grid(link, "H");
    const covered = (part: number) => ({
      size: code.size,
      dark: (x: number, y: number) => (x > code.size * part && y > code.size * part ? true : code.dark(x, y)),
    });
    expect(textOf(covered(0.75))).toBe(link);
    expect(textOf(covered(0.3))).toBeUndefined();
  });
});

describe("mend", () => {
  it("mends as many bytes as half of the spare ones, and no more", () => {
    const zero = () => new Uint8Array(26);
    const spoilt = (count: number) => {
      const block = zero();
      for (let i = 0; i < count; i++) block[i * 4] = i + 17;
      return block;
    };
    const five = spoilt(5);
    expect(mend(five, 10)).toBe(true);
    expect(five).toEqual(zero());
    expect(mend(spoilt(6), 10)).toBe(false);
  });
});

describe("readCode", () => {
  const code = grid(link);
  const straight =
    (unit: number, edge: number): Map =>
    (x, y) => [(x - edge) / unit, (y - edge) / unit];

  it("reads a straight one, large and small", () => {
    expect(photo(code, 400, straight(7, 30))).toBe(link);
    expect(photo(code, 200, straight(3, 20))).toBe(link);
    const short = grid("xmpp:mia@kith.example");
    expect(photo(short, 300, straight(8.3, 20))).toBe("xmpp:mia@kith.example");
  });

  it.each([10, 33, 90, 135, 200, 300])("reads one that is turned by %i degrees", (degrees) => {
    const angle = (degrees * Math.PI) / 180;
    const back: Map = (x, y) => {
      const [dx, dy] = [(x - 240) / 6, (y - 240) / 6];
      return [
        Math.cos(angle) * dx + Math.sin(angle) * dy + code.size / 2,
        Math.cos(angle) * dy - Math.sin(angle) * dx + code.size / 2,
      ];
    };
    expect(photo(code, 480, back, 30)).toBe(link);
  });

  it("reads one that is seen from the side, through noise", () => {
    const back: Map = (x, y) => {
      const [dx, dy] = [x - 250, y - 250];
      const depth = 1 + dx * 0.0006 - dy * 0.0004;
      return [(dx / depth) * 0.15 + code.size / 2, (dy / depth) * 0.16 + code.size / 2];
    };
    expect(photo(code, 500, back, 60)).toBe(link);
  });

  it("finds none where there is none", () => {
    const next = random(3);
    const noise = Uint8ClampedArray.from({ length: 200 * 200 * 4 }, () => next() * 256);
    expect(readCode(noise, 200, 200)).toBeUndefined();
    expect(readCode(new Uint8ClampedArray(100 * 100 * 4), 100, 100)).toBeUndefined();
  });
});
