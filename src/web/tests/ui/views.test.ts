import { afterEach, describe, expect, it } from "vitest";
import { use } from "../../i18n/index.ts";
import type { Chat, Member, Message, Person } from "../../state/model.ts";
import { toggled } from "../../ui/chat/Reactions.tsx";
import { groups, search, toned } from "../../ui/composer/emoji.ts";
import { parts } from "../../ui/media/FileName.tsx";
import { contents } from "../../ui/chat/contents.ts";
import { begun, matching } from "../../ui/composer/Mentions.tsx";
import { fit } from "../../ui/media/box.ts";
import { kindOf, scaled } from "../../ui/media/prepare.ts";
import { bars } from "../../ui/media/bars.ts";
import { unwritten } from "../../ui/shell/people.ts";
import { zoomed } from "../../ui/media/Zoom.tsx";
import { panes } from "../../ui/shell/panes.ts";

afterEach(() => use("en"));

describe("emoji", () => {
  it("are all written once a group, with a name in both languages", async () => {
    const english = groups();
    await use("de");
    for (const [i, group] of groups().entries()) {
      expect(new Set(group.list.map((one) => one.emoji)).size).toBe(group.list.length);
      for (const [k, one] of group.list.entries()) {
        expect(one.name, one.emoji).toBeTruthy();
        expect(english[i]!.list[k]!.name, one.emoji).toBeTruthy();
      }
    }
  });

  it("are found in either language, by each word's beginning", () => {
    expect(search("birth cake").map((one) => one.emoji)).toContain("🎂");
    expect(search("Geburtst").map((one) => one.emoji)).toContain("🎂");
    expect(search("nothing of the kind")).toEqual([]);
  });

  it("take a skin tone after their first sign", () => {
    const one = (emoji: string, tones = true) => ({ emoji, name: "", words: "", tones });
    expect(toned(one("👍"), "🏽")).toBe("👍🏽");
    expect(toned(one("✌️"), "🏽")).toBe("✌🏽");
    expect(toned(one("🧑‍🍳"), "🏽")).toBe("🧑🏽‍🍳");
    expect(toned(one("🎂", false), "🏽")).toBe("🎂");
  });
});

describe("names after an @", () => {
  const member = (nick: string, more: Partial<Member> = {}): Member => {
    return { nick, name: nick, affiliation: "member", role: "participant", here: true, own: false, ...more };
  };

  it("are begun at the start or after a space", () => {
    expect(begun("@O", 2)).toBe("O");
    expect(begun("hello @Opa H", 12)).toBe("Opa H");
    expect(begun("anna@home", 9)).toBeUndefined();
    expect(begun("@Oma, come", 10)).toBeUndefined();
  });

  it("are those of others, who is here first", () => {
    const all = [member("Oma", { here: false }), member("Opa Heinrich"), member("Anna", { own: true })];
    expect(matching(all, "o").map((one) => one.shown)).toEqual(["Opa Heinrich", "Oma"]);
    expect(matching(all, "hein").map((one) => one.shown)).toEqual(["Opa Heinrich"]);
  });

  it("are found by what they are called here, by themselves and by the group", () => {
    const petra = member("petra", { name: "Petra Müller", address: "petra@kith.test" });
    for (const start of ["Mu", "mü", "pet", "Ma"])
      expect(matching([petra], start, () => "Mama").map((one) => one.shown)).toEqual(["Mama"]);
    expect(matching([petra], "x", () => "Mama")).toEqual([]);
  });
});

it.each([
  ["Timetable of the summer.pdf", "Timetable of the su", "mmer.pdf"],
  ["חוזה.pdf", "חוזה", ".pdf"],
  ["👨‍👩‍👧.png", "👨‍👩‍👧", ".png"],
  ["a.pdf", "a.pdf", ""],
  ["no ending", "no ending", ""],
])("%s is cut after %s", (name, start, end) => {
  expect(parts(name)).toEqual([start, end]);
});

describe("what is read out of a message", () => {
  const file = (kind: Message["kind"], text = ""): Message =>
    ({ kind, text, own: false, attachment: { name: "Bill.pdf", type: "" } }) as Message;

  it("names a file, and calls a photo what it shows", () => {
    expect(contents(file("file"))).toBe("File: Bill.pdf");
    expect(contents(file("file", "For you"))).toBe("For you");
    expect(contents(file("photo"))).toBe("Photo");
  });
});

describe("pictures", () => {
  it("get their room before they are there", () => {
    const most = { width: 320, height: 380 };
    expect(fit(1600, 900, most)).toEqual({ width: 320, height: 180 });
    expect(fit(900, 9000, most)).toEqual({ width: 120, height: 380 });
    expect(fit(undefined, 10, most)).toEqual({ width: 260, height: 195 });
    expect(fit(-5, 1e9, most)).toEqual({ width: 260, height: 195 });
  });

  it("are sent at most 2048 pixels long, and never larger than they were", () => {
    expect(scaled(4032, 3024)).toEqual({ width: 2048, height: 1536 });
    expect(scaled(640, 480)).toEqual({ width: 640, height: 480 });
    expect(scaled(100_000, 1)).toEqual({ width: 2048, height: 1 });
  });

  it("what is drawn by a script is a file", () => {
    expect(["image/jpeg", "image/svg+xml", "video/mp4", "audio/mpeg", ""].map(kindOf)).toEqual([
      "photo",
      "file",
      "video",
      "audio",
      "file",
    ]);
  });

  it("zoom about what is under the fingers, and come to rest whole", () => {
    const near = zoomed({ scale: 1, x: 0, y: 0 }, 2, { x: 100, y: 50 });
    expect(near).toEqual({ scale: 2, x: -100, y: -50 });
    expect(zoomed(near, 0.1, { x: 3, y: 3 })).toEqual({ scale: 1, x: 0, y: 0 });
    expect(zoomed(near, 100, { x: 0, y: 0 }).scale).toBe(5);
  });
});

it("a recording becomes bars, the loudest at the top", () => {
  expect(bars([], 64)).toEqual([]);
  expect(bars([0, 0.25, 0.5, 0.25], 2)).toEqual([50, 100]);
  expect(
    bars(
      Array.from({ length: 5000 }, (_, i) => i / 5000),
      64,
    ),
  ).toHaveLength(64);
  expect(Math.max(...bars([0.001, 0.002], 64))).toBeLessThan(10);
});

it("a press on an emoji joins in or takes back", () => {
  const reactions: Message["reactions"] = [
    { emoji: "👍", who: ["you"], own: true },
    { emoji: "🎉", who: ["Mia"], own: false },
  ];
  expect(toggled(reactions, "👍")).toEqual([]);
  expect(toggled(reactions, "🎉")).toEqual(["👍", "🎉"]);
});

describe("panes", () => {
  const at = (page: string, ...rest: string[]) => ({ page, rest });

  it("a chat stays open behind what is over it", () => {
    expect(panes(at("settings"), "a@b")).toMatchObject({ chat: "a@b", over: "settings", front: "chat" });
    expect(panes(at("search"), "a@b")).toMatchObject({ chat: "a@b", list: "search", front: "list" });
    expect(panes(at("details", "a@b"), undefined)).toMatchObject({
      chat: "a@b",
      details: true,
      front: "details",
    });
  });

  it("the list closes it, and a page that is unknown shows what was there", () => {
    expect(panes(at("chats"), "a@b")).toMatchObject({ chat: undefined, front: "list" });
    expect(panes(at("constructor"), "a@b")).toMatchObject({ chat: "a@b", over: undefined, front: "chat" });
  });
});

describe("whom nobody has written to", () => {
  const person = (name: string, change: Partial<Person> = {}): Person => ({
    address: `${name}@kith.example`,
    name,
    circles: ["Family"],
    contact: "mutual",
    blocked: false,
    ...change,
  });
  const chat = (address: string) => ({ id: address }) as Chat;

  it("is shown by name while there are few chats", () => {
    const people = [person("Oma"), person("Ben"), person("Mia"), person("Eve", { blocked: true })];
    expect(unwritten(people, [chat("Mia@kith.example")]).map((one) => one.name)).toEqual(["Ben", "Oma"]);
  });

  it("is nobody once there are chats enough", () => {
    const chats = ["a", "b", "c", "d", "e"].map((name) => chat(`${name}@kith.example`));
    expect(unwritten([person("Oma")], chats)).toEqual([]);
  });
});
