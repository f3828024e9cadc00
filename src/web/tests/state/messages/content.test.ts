import { expect, it } from "vitest";
import { payload } from "../../../proto/said.ts";
import { content } from "../../../state/messages/content.ts";
import { parse } from "../../../xmpp/xml.ts";

const kind = (url: string) => content(payload(parse(`<message><body>${url}</body></message>`))).kind;
const key = "#" + "ab".repeat(44);

it.each([
  [`aesgcm://kith.test/upload/1/3f2a.m4a${key}`, "voice"],
  [`aesgcm://kith.test/upload/1/3f2a.weba${key}`, "voice"],
  [`aesgcm://kith.test/upload/1/3f2a.ogg${key}`, "voice"],
  [`aesgcm://kith.test/upload/1/song.mp3${key}`, "audio"],
  [`aesgcm://kith.test/upload/1/3f2a.webm${key}`, "video"],
  [`aesgcm://kith.test/upload/1/3f2a.jpg${key}`, "photo"],
])("the older envelope's %s is taken for a %s", (url, is) => {
  expect(kind(url)).toBe(is);
});
