import { describe, expect, it, vi } from "vitest";
import type { Message } from "../../state/model.ts";
import { Heights } from "../../ui/chat/heights.ts";
import { choose, chosen } from "../../ui/chat/selection.ts";
import { leastOf, shape } from "../../ui/chat/albums.ts";
import { holds, items, same } from "../../ui/chat/items.ts";
import { byTab } from "../../ui/chat/roving.ts";
import { position } from "../../ui/parts/Menu.tsx";

const noon = new Date(2026, 5, 14, 12).getTime();

function message(id: string, from: string, at: number, more: Partial<Message> = {}): Message {
  const base = { chat: "c", kind: "text" as const, text: id, reactions: [], edited: false, retracted: false };
  return { id, from, who: from, at, own: from === "me", encrypted: false, mention: false, ...base, ...more };
}

describe("lines of a chat", () => {
  it("words of one person within five minutes stand together", () => {
    const found = items([
      message("a", "mia", noon),
      message("b", "mia", noon + 60_000),
      message("c", "ben", noon + 90_000),
      message("d", "ben", noon + 600_000),
    ]);
    expect(
      found.map((one) => (one.kind === "message" ? `${one.key} ${one.first} ${one.last}` : one.kind)),
    ).toEqual(["day", "a true false", "b false true", "c true true", "d true true"]);
  });

  it("the Tab key comes to the newest message, or to where one was, as long as that is drawn", () => {
    const lines = items([
      message("a", "mia", noon),
      message("b", "ben", noon),
      message("c", "", noon, { kind: "notice" }),
    ]);
    expect(byTab(lines, undefined)).toBe("b");
    expect(byTab(lines, "a")).toBe("a");
    expect(byTab(lines, "c")).toBe("b");
    expect(byTab(lines.slice(2), "a")).toBe("b");
    expect(byTab([], "a")).toBeUndefined();
  });

  it("a notice, another day and the line of what is new part them", () => {
    const found = items(
      [
        message("a", "mia", noon - 86_400_000),
        message("b", "mia", noon),
        message("n", "mia", noon, { kind: "notice" }),
        message("c", "mia", noon + 1),
        message("d", "mia", noon + 2),
      ],
      "d",
    );
    expect(found.map((one) => one.kind)).toEqual([
      "day",
      "message",
      "day",
      "message",
      "message",
      "message",
      "new",
      "message",
    ]);
    expect(found.every((one) => one.kind !== "message" || (one.first && one.last))).toBe(true);
  });
});

describe("an album", () => {
  const photo = (id: string, seconds: number, more: Partial<Message> = {}) =>
    message(id, more.from ?? "mia", noon + seconds * 1000, {
      kind: "photo",
      text: "",
      attachment: { url: `https://kith.example/${id}`, name: `${id}.jpg`, type: "image/jpeg" },
      ...more,
    });
  /** What stands together, as words of ids; in brackets what a line is drawn before. */
  const lines = (all: Message[], firstUnread?: string) =>
    items(all, firstUnread)
      .map((one) => (one.kind === "message" ? one.messages.map(({ id }) => id).join("") : `(${one.kind})`))
      .join(" ");
  const quote = { who: "Ben", text: "How was it?" };

  it("is pictures and films of one person, each within a minute of the one before", () => {
    expect(lines([photo("a", 0), photo("b", 50, { kind: "video" }), photo("c", 100)])).toBe("(day) abc");
    expect(lines([photo("a", 0), photo("b", 60)])).toBe("(day) a b");
    expect(lines([photo("a", 0), photo("b", 1, { from: "ben" })])).toBe("(day) a b");
    expect(lines([photo("a", 0), message("x", "mia", noon), photo("b", 1)])).toBe("(day) a x b");
    expect(lines([photo("a", 0), photo("b", 1, { kind: "file" })])).toBe("(day) a b");
  });

  it("has words with its first or its last, and one of them alone", () => {
    expect(lines([photo("a", 0, { text: "Us" }), photo("b", 1), photo("c", 2)])).toBe("(day) abc");
    expect(lines([photo("a", 0), photo("b", 1, { text: "Us" }), photo("c", 2)])).toBe("(day) ab c");
    expect(lines([photo("a", 0, { text: "Us" }), photo("b", 1, { text: "You" })])).toBe("(day) a b");
    const [, album] = items([photo("a", 0, { text: "Us" }), photo("b", 1)]);
    expect(album).toMatchObject({ key: "a", message: { id: "a" } });
    expect(items([photo("a", 0), photo("b", 1)])[1]).toMatchObject({ key: "a", message: { id: "b" } });
  });

  it("leaves out what was taken back, what was not sent and what answers", () => {
    for (const more of [{ retracted: true }, { state: "failed" as const }, { quote }])
      expect(lines([photo("a", 0), photo("b", 1, more), photo("c", 2), photo("d", 3)])).toBe("(day) a b cd");
  });

  it("is parted by a new day and by the line of what is new", () => {
    const midnight = new Date(2026, 5, 15).getTime();
    const late = { at: midnight - 1000 };
    expect(lines([photo("a", 0, late), photo("b", 0, late), photo("c", 0, { at: midnight })])).toBe(
      "(day) ab (day) c",
    );
    expect(lines([photo("a", 0), photo("b", 1), photo("c", 2)], "c")).toBe("(day) ab (new) c");
  });

  it("keeps its name as it grows, and is found by the name of each", () => {
    const two = items([photo("a", 0), photo("b", 1)]);
    const three = items([photo("a", 0), photo("b", 1), photo("c", 2)]);
    expect(two[1]!.key).toBe(three[1]!.key);
    expect(same(two[1]!, three[1]!)).toBe(false);
    expect(same(three[1]!, items([photo("a", 0)])[1]!)).toBe(false);
    expect([holds(three[1]!, "c"), holds(three[1]!, "d"), holds(three[0]!, undefined)]).toEqual([
      true,
      false,
      false,
    ]);
    const heights = new Heights(() => 50);
    heights.keys = ["a", "d"];
    heights.also("a", "c");
    expect(heights.top("c")).toBe(heights.top("a"));
    expect(heights.indexOf("c")).toBe(0);
  });

  it("has come as far as the one of it that is furthest behind", () => {
    expect(leastOf([photo("a", 0, { state: "read" }), photo("b", 1, { state: "sent" })])).toBe("sent");
    expect(leastOf([photo("a", 0)])).toBeUndefined();
  });

  it("shares out its room by the shapes that are told of the pictures", () => {
    const of = (...sizes: [number?, number?][]) =>
      shape(
        sizes.map(([width, height]) => {
          const { attachment, ...rest } = photo("a", 0);
          return {
            ...rest,
            attachment: { ...attachment!, ...(width && { width }), ...(height && { height }) },
          };
        }),
      );
    expect([of([4, 3], [4, 3]), of([4, 3], []), of([3, 4], [4, 3])]).toEqual(["rows", "pair", "pair"]);
    expect([of([3, 4], [], []), of([], [], []), of([], [], [], [])]).toEqual(["beside", "below", "square"]);
  });
});

it("ten thousand messages of twenty days ask the calendar once a day", () => {
  const asked = vi.spyOn(Date.prototype, "setHours");
  const hour = 3_600_000;
  const found = items(
    Array.from({ length: 10_000 }, (_, i) =>
      message(`${i}`, i % 3 ? "mia" : "ben", noon + (i * 480 * hour) / 10_000),
    ),
  );
  expect(found.filter((one) => one.kind === "day")).toHaveLength(21);
  expect(asked).toHaveBeenCalledTimes(21);
  asked.mockRestore();
});

describe("heights", () => {
  const keys = Array.from({ length: 10_000 }, (_, i) => `k${i}`);

  it("finds the lines on the screen from the lower end", () => {
    const heights = new Heights(() => 50);
    heights.keys = keys;
    expect(heights.total).toBe(500_000);
    expect(heights.range(0, 499)).toEqual({ start: 9990, end: 10_000 });
    expect(heights.range(1000, 1499)).toEqual({ start: 9970, end: 9980 });
    expect(heights.range(-100, 10)).toEqual({ start: 9999, end: 10_000 });
    expect(heights.before(9970) + heights.after(9980) + 500).toBe(500_000);
  });

  it("what is measured or loaded above moves nothing below", () => {
    const heights = new Heights(() => 50);
    heights.keys = keys.slice(5000);
    const before = heights.top("k9000");
    heights.measure("k8000", 400);
    heights.keys = keys;
    expect(heights.top("k9000")).toBe(before);
    heights.measure("k9500", 90);
    expect(heights.top("k9000")).toBe(before! + 40);
  });

  it("says whether a measure was new", () => {
    const heights = new Heights(() => 50);
    heights.keys = ["a"];
    expect(heights.measure("a", 60)).toBe(true);
    expect(heights.measure("a", 60)).toBe(false);
    expect(heights.range(0, 10)).toEqual({ start: 0, end: 1 });
  });

  it("a better guess is for new lines alone", () => {
    let guess = 50;
    const heights = new Heights(() => guess);
    heights.keys = keys.slice(5000);
    const before = heights.top("k9000");
    guess = 80;
    heights.keys = keys;
    expect(heights.top("k9000")).toBe(before);
    expect(heights.total).toBe(5000 * 50 + 5000 * 80);
  });

  it("has an answer without lines", () => {
    const heights = new Heights(() => 50);
    expect(heights.total).toBe(0);
    expect(heights.range(0, 100)).toEqual({ start: 0, end: 0 });
  });
});

it("a menu stays inside the window", () => {
  const window = { width: 360, height: 640 };
  const box = { width: 200, height: 300 };
  expect(position({ left: 10, right: 50, top: 10, bottom: 50 }, box, window)).toEqual({ left: 10, top: 54 });
  expect(position({ left: 300, right: 344, top: 580, bottom: 624 }, box, window)).toEqual({
    left: 144,
    top: 276,
  });
  expect(position({ left: 355, right: 355, top: 5, bottom: 5 }, { width: 500, height: 900 }, window)).toEqual(
    { left: 8, top: 8 },
  );
});

describe("messages that are chosen", () => {
  it("come and go by a press; with the last of them the choosing ends", () => {
    choose("a");
    choose("b");
    choose("a");
    expect([...chosen.value!]).toEqual(["b"]);
    choose("b");
    expect(chosen.value).toBeUndefined();
    choose("a");
    choose("a", "b", "c");
    expect([...chosen.value!]).toEqual(["a", "b", "c"]);
    choose("a", "b", "c");
    expect(chosen.value).toBeUndefined();
  });
});
