import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Memory } from "../../store/memory.ts";
import { ScriptedServer } from "../xmpp/scripted.ts";

const REFUSED = "is not right";
let server: ScriptedServer;
let asked: string[];
let reached: boolean;

beforeEach(() => {
  vi.resetModules();
  server = new ScriptedServer();
  server.install();
  [asked, reached] = [[], true];
  vi.stubGlobal("location", { origin: "https://kith.example", protocol: "https:", hostname: "kith.example" });
  vi.stubGlobal("navigator", { userAgent: "Firefox/131.0", languages: [] });
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return reached
      ? Promise.resolve(Response.json({ domain: "kith.example" }))
      : Promise.reject(new TypeError());
  });
});

afterEach(() => {
  server.uninstall();
  vi.unstubAllGlobals();
});

const session = () => import("../../state/session.ts");
const states = () => server.wires.map(({ readyState }) => readyState);

it("who signs in does so on the stream that was opened as they typed", async () => {
  const { prepare, enter } = await session();
  await prepare();
  await prepare();
  await expect(enter(new Memory(), "anna", "a guess", false)).rejects.toThrow(REFUSED);
  expect([server.wires.length, asked]).toEqual([1, ["/api/home"]]);
  // Refused, and tried again: that stream is spent.
  await prepare();
  await expect(enter(new Memory(), "anna", "another", false)).rejects.toThrow(REFUSED);
  expect(server.wires).toHaveLength(2);
});

it("an address of another home does not go to this one's stream", async () => {
  const { prepare, enter } = await session();
  await prepare();
  await vi.waitUntil(() => server.elements === 3);
  await expect(enter(new Memory(), "anna@elsewhere.example", "a guess", false)).rejects.toThrow(REFUSED);
  await vi.waitUntil(() => states()[0] === 3);
  expect(server.wires).toHaveLength(2);
});

it("without a network nothing is lost: the home is asked again", async () => {
  const { prepare, enter } = await session();
  reached = server.reachable = false;
  await prepare();
  reached = server.reachable = true;
  await expect(enter(new Memory(), "anna", "a guess", false)).rejects.toThrow(REFUSED);
  expect(asked.filter((url) => url === "/api/home")).toHaveLength(2);
});
