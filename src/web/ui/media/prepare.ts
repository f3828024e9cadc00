import { fileName } from "../../i18n/names.ts";
import type { OutgoingFile } from "../../state/client.ts";

export const longest = 2048;

/** What a file is to be sent as, by what the browser says of it. */
export function kindOf(type: string): OutgoingFile["kind"] {
  if (/^image\/(?!svg)/.test(type)) return "photo";
  if (type.startsWith("video/")) return "video";
  if (type.startsWith("audio/")) return "audio";
  return "file";
}

/** The size after scaling so that no edge is longer than `longest`. */
export function scaled(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function named(name: string, ending: string): string {
  return `${name.replace(/\.[a-z0-9]{1,5}$/i, "")}.${ending}`;
}

/** Drawn anew: turned as it was taken, at most 2048 pixels long, and without what the camera wrote into it (where it was). */
async function photo(file: File): Promise<OutgoingFile> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  if (file.type === "image/gif")
    return {
      blob: file,
      name: fileName(file.name),
      kind: "photo",
      width: picture.width,
      height: picture.height,
    };
  const size = scaled(picture.width, picture.height);
  const canvas = document.createElement("canvas");
  canvas.width = size.width;
  canvas.height = size.height;
  const paper = canvas.getContext("2d");
  if (!paper) throw new Error("no canvas");
  const type = file.type === "image/png" && file.size < 1_000_000 ? "image/png" : "image/jpeg";
  if (type === "image/jpeg") {
    paper.fillStyle = "#fff";
    paper.fillRect(0, 0, size.width, size.height);
  }
  paper.imageSmoothingQuality = "high";
  paper.drawImage(picture, 0, 0, size.width, size.height);
  picture.close();
  const blob = await new Promise<Blob | null>((done) => {
    canvas.toBlob(done, type, 0.85);
  });
  if (!blob) throw new Error("no picture");
  return {
    blob,
    name: named(fileName(file.name), type === "image/png" ? "png" : "jpg"),
    kind: "photo",
    ...size,
  };
}

/** Length and size of a film or a sound, read by the browser; nothing where it cannot. */
async function facts(file: File, tag: "video" | "audio"): Promise<Partial<OutgoingFile>> {
  const url = URL.createObjectURL(file);
  try {
    const media = document.createElement(tag);
    media.preload = "metadata";
    const known = new Promise<boolean>((done) => {
      media.onloadedmetadata = () => {
        done(true);
      };
      media.onerror = () => {
        done(false);
      };
    });
    media.src = url;
    if (!(await known)) return {};
    const found: Partial<OutgoingFile> = Number.isFinite(media.duration) ? { duration: media.duration } : {};
    if (media instanceof HTMLVideoElement && media.videoWidth) {
      found.width = media.videoWidth;
      found.height = media.videoHeight;
    }
    return found;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** A chosen file as it is sent. A picture that the browser cannot read, or is told to leave alone, goes as the file it is. */
export async function prepare(file: File, untouched: boolean): Promise<OutgoingFile> {
  const kind = kindOf(file.type);
  const asFile: OutgoingFile = { blob: file, name: fileName(file.name), kind: "file" };
  if (untouched) return asFile;
  if (kind === "photo") return photo(file).catch(() => asFile);
  if (kind === "video" || kind === "audio") return { ...asFile, kind, ...(await facts(file, kind)) };
  return asFile;
}
