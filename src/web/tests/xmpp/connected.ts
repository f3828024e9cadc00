import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, vi } from "vitest";
import { Connection, type Options, type ReadyState } from "../../xmpp/connection.ts";
import { x, type Element } from "../../xmpp/xml.ts";
import { ADDRESS, ScriptedServer, TOKEN } from "./scripted.ts";

/** A connection and the scripted server that it finds, anew for each test of a file that imports this. */
export let server: ScriptedServer;
export let connection: Connection;
export let log: string[];
export let ready: ReadyState[];
export let heard: string[];
export let saved: unknown[];

/** In milliseconds: when something is said never to come. */
const PATIENCE = 20_000;

export const ENDPOINTS = {
  websocket: "wss://kith.example/xmpp-websocket",
  bosh: "https://kith.example/http-bind",
};

/** Another connection in place of the one that is there. */
export function connect(options: Partial<Options>): void {
  connection = new Connection({
    address: ADDRESS,
    token: TOKEN,
    device: { id: "d4565fa7-4d72-4749-b3d3-740edbf87770", software: "Kith Web", name: "a test" },
    saveToken: (token) => saved.push(token),
    ...options,
  });
  connection.onStatus = (status, problem) => log.push(problem ? `${status}: ${problem.message}` : status);
  connection.onReady = (state) => ready.push(state);
  connection.onStanza = (stanza) => heard.push(stanza.getChildText("body") ?? stanza.name);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  server = new ScriptedServer();
  server.install();
  [log, ready, heard, saved] = [[], [], [], []];
  connect(ENDPOINTS);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("no BOSH here", { status: 404 })));
});

afterEach(async () => {
  server.reachable = true;
  await connection.stop();
  server.uninstall();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Lets everything happen that needs no time of the connection's; it may load code, which on a busy machine takes a while. */
export async function until(condition: () => boolean): Promise<void> {
  for (const begun = performance.now(); !condition(); await setImmediate())
    if (performance.now() - begun > PATIENCE) throw new Error(`never: ${log.join(", ")}`);
}

/** Lets time pass, as it is needed: until acknowledgements are asked for, and the next attempt. */
export async function eventually(condition: () => boolean): Promise<void> {
  await until(() => {
    if (condition()) return true;
    if (connection.status === "waiting") vi.advanceTimersByTime(30_000);
    else if (connection.status === "online") vi.advanceTimersByTime(200);
    return condition();
  });
}

export async function online(): Promise<void> {
  connection.start();
  await until(() => connection.status === "online");
}

export const message = (body: string): Element =>
  x("message", { to: "ben@kith.example" }, x("body", {}, body));
export const bodies = (): (string | null)[] => server.received.map((stanza) => stanza.getChildText("body"));
