/** A picture under a square window: `scale` is window units a picture's pixel, `x` and `y` the picture's corner in the window (of side 1). */
export interface Crop {
  scale: number;
  x: number;
  y: number;
}
export interface Size {
  width: number;
  height: number;
}

/** How far one can go in: the smallest square that is taken has 64 pixels, or the whole picture where it is smaller. */
export function limits(picture: Size): { least: number; most: number } {
  const least = 1 / Math.min(picture.width, picture.height);
  return { least, most: Math.max(least, Math.min(1 / 64, least * 6)) };
}

function inside(crop: Crop, picture: Size): Crop {
  const least = (length: number) => 1 - length * crop.scale;
  return {
    scale: crop.scale,
    x: Math.min(0, Math.max(least(picture.width), crop.x)),
    y: Math.min(0, Math.max(least(picture.height), crop.y)),
  };
}

/** The largest square of the middle. */
export function middle(picture: Size): Crop {
  const scale = limits(picture).least;
  return { scale, x: (1 - picture.width * scale) / 2, y: (1 - picture.height * scale) / 2 };
}

export function moved(crop: Crop, picture: Size, dx: number, dy: number): Crop {
  return inside({ scale: crop.scale, x: crop.x + dx, y: crop.y + dy }, picture);
}

/** Nearer or farther; the point `at` of the window stays where it is. */
export function zoomed(crop: Crop, picture: Size, scale: number, at = { x: 0.5, y: 0.5 }): Crop {
  const { least, most } = limits(picture);
  const next = Math.min(most, Math.max(least, scale));
  const factor = next / crop.scale;
  return inside(
    { scale: next, x: at.x - (at.x - crop.x) * factor, y: at.y - (at.y - crop.y) * factor },
    picture,
  );
}

/** The square of the picture that is seen, in its pixels. */
export function square(crop: Crop): { x: number; y: number; side: number } {
  return { x: (0 - crop.x) / crop.scale, y: (0 - crop.y) / crop.scale, side: 1 / crop.scale };
}

const side = 512;

/** What is seen, as a JPEG of 512 pixels a side and, drawn anew, without what the camera wrote into it. */
export async function cut(picture: CanvasImageSource, crop: Crop): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.imageSmoothingQuality = "high";
  context.fillStyle = "#fff";
  context.fillRect(0, 0, side, side);
  const from = square(crop);
  context.drawImage(picture, from.x, from.y, from.side, from.side, 0, 0, side, side);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => {
        if (blob) resolve(blob);
        else reject(new Error("no picture"));
      },
      "image/jpeg",
      0.88,
    );
  });
}
