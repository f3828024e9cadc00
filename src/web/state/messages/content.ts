import { fileName } from "../../i18n/names.ts";
import type { FileInfo, Payload } from "../../proto/said.ts";
import type { MessageRow } from "../../store/records.ts";
import type { Attachment } from "../model.ts";
import { kindOf } from "./shown.ts";

/** What is drawn of words or a file. */
export function content(payload: Payload): Pick<MessageRow, "kind" | "text"> & { attachment?: Attachment } {
  const { file, body = "" } = payload;
  if (!file) return { kind: "text", text: body };
  return {
    kind: kindOf(file.type, file.waveform !== undefined || spoken(file)),
    text: file.caption ?? body,
    attachment: attachment(file),
  };
}

/** The older envelope carries a link alone: a sound of the kinds that are recorded, of which nothing more is told, was spoken. */
const spoken = ({ url, type, size, duration }: FileInfo): boolean =>
  url.startsWith("aesgcm:") &&
  size === undefined &&
  duration === undefined &&
  /^audio\/(mp4|aac|ogg|webm)$/.test(type);

export function attachment({ caption: _caption, name, ...file }: FileInfo): Attachment {
  return { ...file, name: fileName(name) };
}
