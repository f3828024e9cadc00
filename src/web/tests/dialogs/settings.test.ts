import { expect, it } from "vitest";
import { installing } from "../../ui/settings/install.ts";
import { fault } from "../../ui/settings/password.ts";

it("says what is wrong with a new password", () => {
  expect(fault("", "long enough")).toBe("missing");
  expect(fault("old one!", "short")).toBe("short");
  expect(fault("old", "👍👍👍👍")).toBe("short");
  expect(fault("same same", "same same")).toBe("same");
  expect(fault("old one!", "long enough")).toBeUndefined();
});

it("knows how the page comes to the home screen", () => {
  const mac = { standalone: false, agent: "Mozilla/5.0 (Macintosh)", touches: 0, offered: false };
  expect(installing(mac)).toBe("elsewhere");
  expect(installing({ ...mac, touches: 5 })).toBe("ios");
  expect(installing({ ...mac, agent: "Mozilla/5.0 (iPhone)" })).toBe("ios");
  expect(installing({ ...mac, offered: true })).toBe("offered");
  expect(installing({ ...mac, offered: true, standalone: true })).toBe("installed");
});
