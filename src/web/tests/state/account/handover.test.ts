import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { nameOf } from "../../../state/account/device.ts";
import { takeHandover } from "../../../state/account/handover.ts";

const answer = {
  address: "mia@kith.test",
  mechanism: "HT-SHA-256-NONE",
  token: "secret",
  expires: 1,
};
const box = vi.fn<typeof fetch>();
const replaced = vi.fn();

beforeEach(() => {
  vi.stubGlobal("fetch", box);
  vi.stubGlobal("location", { hash: "#first" });
  vi.stubGlobal("history", { state: null, replaceState: replaced });
  vi.stubGlobal("navigator", { userAgent: "Mozilla/5.0 (Android 14; Mobile) Firefox/131.0" });
  box.mockResolvedValue(Response.json(answer));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetAllMocks();
});

test("the token that the page left is this browser's, under an id of its own", async () => {
  const taken = await takeHandover();
  expect(taken).toMatchObject({
    address: "mia@kith.test",
    token: { mechanism: "HT-SHA-256-NONE", token: "secret", expires: 1 },
    device: { software: "Kith", name: "Firefox, Android" },
  });
  const [path, request] = box.mock.calls[0]!;
  expect([path, request?.method]).toEqual(["/api/session/first", "POST"]);
  expect(JSON.parse(String(request?.body))).toEqual(taken?.device);
  expect(replaced).toHaveBeenCalledWith(null, "", "/");
});

test("no other start asks for one", async () => {
  vi.stubGlobal("location", { hash: "#/chat/mia@kith.test" });
  expect(await takeHandover()).toBeUndefined();
  expect(box).not.toHaveBeenCalled();
});

test.each([
  ["nothing is there", () => Promise.resolve(new Response("{}", { status: 404 }))],
  ["the network is gone", () => Promise.reject(new TypeError("failed to fetch"))],
  ["it is for another mechanism", () => Promise.resolve(Response.json({ ...answer, mechanism: "PLAIN" }))],
])("the password is typed where %s", async (_, respond) => {
  box.mockImplementation(respond);
  expect(await takeHandover()).toBeUndefined();
  expect(replaced).toHaveBeenCalledOnce();
});

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome, Linux"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) AppleWebKit/605.1 Version/17.5 Safari/604.1", "Safari, iPhone"],
  ["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"],
  ["curl", "Browser"],
])("a browser has a name that people know: %s", (agent, name) => {
  expect(nameOf(agent)).toBe(name);
});
