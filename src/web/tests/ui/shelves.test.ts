import { describe, expect, it } from "vitest";
import type { Message } from "../../state/model.ts";
import { files, links, pictured } from "../../ui/media/shelves.ts";

let count = 0;
const said = (kind: Message["kind"], more: Partial<Message> = {}): Message => ({
  id: `m${count++}`,
  chat: "ben@kith.test",
  at: 0,
  own: false,
  from: "ben@kith.test",
  who: "Ben",
  kind,
  text: "",
  reactions: [],
  edited: false,
  retracted: false,
  encrypted: false,
  mention: false,
  ...(kind !== "text" &&
    kind !== "notice" && { attachment: { name: `a ${kind}`, type: "", url: "https://x/y" } }),
  ...more,
});

describe("the shelves of a chat", () => {
  const all = [
    said("photo"),
    said("video"),
    said("file"),
    said("audio"),
    said("voice"),
    said("file", { retracted: true }),
    said("text", { text: "See https://a.example/x and www.b.example, or mail me: mailto:ben@b.example" }),
    said("photo", { text: "From https://c.example." }),
    said("notice", { text: "https://d.example" }),
  ];

  it("hold what can be seen, and what can be opened", () => {
    expect(pictured(all).map(({ kind }) => kind)).toEqual(["photo", "video", "photo"]);
    expect(files(all).map(({ kind }) => kind)).toEqual(["file", "audio"]);
  });

  it("hold the pages of the web that somebody spoke of", () => {
    expect(links(all).map(({ link }) => link)).toEqual([
      "https://a.example/x",
      "https://www.b.example/",
      "https://c.example/",
    ]);
  });
});
