import { afterEach, describe, expect, it } from "vitest";
import { t, use } from "../../i18n/index.ts";
import { brief, day, daysBetween, length, list, size } from "../../i18n/times.ts";

const at = (...date: [number, number, number, number?, number?]) => new Date(...date).getTime();
const now = at(2026, 5, 14, 15, 45);

afterEach(() => use("en"));

describe("times", () => {
  it("in a list", async () => {
    await use("de");
    expect(brief(at(2026, 5, 14, 15, 42), now)).toBe("15:42");
    expect(brief(at(2026, 5, 14, 5, 42), now)).toBe("05:42");
    expect(brief(at(2026, 5, 13, 23, 59), now)).toBe("Gestern");
    expect(brief(at(2026, 5, 8), now)).toBe("Mo");
    expect(brief(at(2026, 5, 7), now)).toBe("07.06.26");
  });

  it("between days", () => {
    expect(day(now, now)).toBe("Today");
    expect(day(at(2026, 5, 10), now)).toBe("Wednesday");
    expect(day(at(2025, 5, 10), now)).toContain("2025");
  });

  it("days are the calendar's, over the change of clocks and midnight", () => {
    expect(daysBetween(at(2026, 2, 28, 23, 59), at(2026, 2, 29, 0, 1))).toBe(1);
    expect(daysBetween(at(2026, 9, 24, 12), at(2026, 9, 26, 12))).toBe(2);
  });

  it("a message from the future is of today", () => {
    expect(brief(now + 60_000, now)).toMatch(/3:46|15:46/);
  });

  it("lengths and sizes", () => {
    expect([length(0), length(14), length(75), length(3723)]).toEqual(["0:00", "0:14", "1:15", "1:02:03"]);
    expect([size(12), size(840_000), size(2_340_000)]).toEqual(["12 byte", "840 kB", "2.3 MB"]);
    expect(list(["Mia", "Ben", "Oma"])).toMatch(/^Mia, Ben,? and Oma$/);
  });
});

describe("texts", () => {
  it("are filled in, and what is not given stays", () => {
    expect(t("do.done", { a: 1 })).toBe("Done");
  });
});
