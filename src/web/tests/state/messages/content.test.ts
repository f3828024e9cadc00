import { expect, it } from "vitest";
import { payload } from "../../../proto/said.ts";
import { content } from "../../../state/messages/content.ts";
import { parse, x } from "../../../xmpp/xml.ts";

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

it.each([
  ["holiday.jpg", "holiday.jpg"],
  ["photo\u202egpj.exe", "photogpj.exe"],
  ["\u2066a\u2069\u200f b.txt", "a b.txt"],
  ["../../.bashrc", ".bashrc"],
  ["C:\\docs\\a.pdf", "a.pdf"],
  ["two\nlines.txt", "twolines.txt"],
  ["\u202e", "file"],
])("a file that calls itself %j is %s", (claimed, name) => {
  const file = x("file", { xmlns: "urn:xmpp:file:metadata:0" }, x("name", {}, claimed));
  const target = x("url-data", {
    xmlns: "http://jabber.org/protocol/url-data",
    target: "https://kith.test/upload/1",
  });
  const sharing = x("file-sharing", { xmlns: "urn:xmpp:sfs:0" }, file, x("sources", {}, target));
  expect(content(payload(x("message", {}, sharing))).attachment?.name).toBe(name);
});
