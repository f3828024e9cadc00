import { expect, test, vi } from "vitest";
import { keepOffline } from "../../sw/offline.ts";
import { takeShared } from "../../sw/share.ts";
import { Stage } from "./scope.ts";

const files = ["/", "/assets/kith-1.js", "/assets/later-1.js"];

async function installed(stage = new Stage(), version = "1", list = files): Promise<Stage> {
  keepOffline(stage, { version, files: list });
  await stage.install();
  await stage.activate();
  return stage;
}

async function text(answer: Promise<Response | undefined>): Promise<string | undefined> {
  return (await answer)?.text();
}

test("the whole version is kept at once, the page itself asked for anew", async () => {
  const stage = await installed();
  expect(stage.asked.sort()).toEqual([
    "/ no-cache",
    "/assets/kith-1.js default",
    "/assets/later-1.js default",
  ]);
});

test("without a network the client starts", async () => {
  const stage = await installed();
  stage.box = undefined;
  expect(await text(stage.ask("/", {}, "navigate"))).toBe("box /");
  expect(await text(stage.ask("/assets/later-1.js"))).toBe("box /assets/later-1.js");
});

test("a version that could not be had whole is not shown, and goes with the next", async () => {
  const stage = await installed();
  const box = (missing: string) => (path: string) =>
    new Response(`new ${path}`, { status: path === missing ? 404 : 200 });
  stage.box = box("/assets/kith-2.js");
  keepOffline(stage, { version: "2", files: ["/", "/assets/kith-2.js"] });
  await expect(stage.install()).rejects.toThrow("/assets/kith-2.js: 404");
  expect(await text(stage.ask("/", {}, "navigate"))).toBe("box /");
  stage.box = box("");
  await installed(stage, "3", ["/", "/assets/kith-3.js"]);
  expect(await stage.storage.keys()).toEqual(["kith-site-1", "kith-site-3"]);
});

test("streams, the API, files of people and other pages go their way", async () => {
  const stage = await installed();
  for (const path of ["/api/session", "/upload/ab/photo.jpg", "/http-bind", "/xmpp-websocket"])
    expect(await stage.ask(path)).toBeUndefined();
  for (const path of ["/invite/abc", "/help", "/admin", "/account"])
    expect(await stage.ask(path, {}, "navigate")).toBeUndefined();
  expect(await stage.ask("/", { method: "POST" }, "navigate")).toBeUndefined();
  expect(await stage.ask("https://elsewhere.example/assets/kith-1.js")).toBeUndefined();
});

test("a newer version is shown by the next start, be the worker before it still in charge", async () => {
  const old = await installed();
  const next = new Stage(old.storage);
  next.box = (path) => new Response(`new ${path}`);
  keepOffline(next, { version: "2", files: ["/", "/assets/kith-2.js"] });
  await next.install();
  expect(next.events).toEqual(["skipWaiting"]);
  expect(await text(old.ask("/", {}, "navigate"))).toBe("new /");
  expect(await text(old.ask("/assets/kith-2.js"))).toBe("new /assets/kith-2.js");
  await next.activate();
  expect(next.events).toEqual(["skipWaiting", "claim"]);
});

test("a box that went back to the version before is followed", async () => {
  const stage = await installed();
  stage.box = (path) => new Response(`new ${path}`);
  await installed(stage, "2", ["/", "/assets/kith-2.js"]);
  stage.box = (path) => new Response(`again ${path}`);
  await installed(stage, "1");
  expect(await text(stage.ask("/", {}, "navigate"))).toBe("again /");
});

test("a tab that is open with the version before still finds its parts, one with an older one does not", async () => {
  const stage = await installed();
  await installed(stage, "2", ["/", "/assets/kith-2.js"]);
  stage.box = undefined;
  expect(await text(stage.ask("/assets/later-1.js"))).toBe("box /assets/later-1.js");
  stage.box = (path) => new Response(`box ${path}`);
  await installed(stage, "3", ["/", "/assets/kith-3.js"]);
  expect(await stage.storage.keys()).toEqual(["kith-site-2", "kith-site-3"]);
});

test("caches of others are left alone", async () => {
  const stage = new Stage();
  await stage.storage.open("pictures");
  await installed(stage, "1");
  await installed(stage, "2");
  await installed(stage, "3");
  expect(await stage.storage.keys()).toContain("pictures");
});

test("what the browser threw away comes from the box", async () => {
  const stage = await installed();
  stage.storage.all.clear();
  expect(await text(stage.ask("/assets/kith-1.js"))).toBe("box /assets/kith-1.js");
});

test("what another app shares waits for the page, and is given once", async () => {
  const stage = await installed();
  const body = new FormData();
  body.append("title", "Lake");
  body.append("text", "");
  body.append("url", "https://example.org/lake");
  body.append("files", new File(["abc"], "lake.jpg", { type: "image/jpeg" }));
  body.append("files", new File(["d"], "<b>.txt", { type: "text/plain" }));
  const answer = await stage.ask("/share", { method: "POST", body }, "navigate");
  expect([answer?.status, answer?.headers.get("location")]).toEqual([303, "https://kith.test/#/share"]);
  const shared = await takeShared(stage.caches, () => true);
  expect(shared?.text).toBe("Lake\nhttps://example.org/lake");
  expect(shared?.files.map((file) => [file.name, file.type, file.size])).toEqual([
    ["lake.jpg", "image/jpeg", 3],
    ["<b>.txt", "text/plain", 1],
  ]);
  expect(await takeShared(stage.caches, () => true)).toBeUndefined();
});

async function post(stage: Stage, headers: Record<string, string>, files: File[] = [], referrer?: string) {
  const body = new FormData();
  body.append("text", "Buy this");
  for (const file of files) body.append("files", file);
  const options = { method: "POST", body, headers, ...(referrer && { referrer }) };
  return (await stage.ask("/share", options, "navigate"))?.headers.get("location");
}

test("another site's form is not taken for something shared", async () => {
  const stage = await installed();
  expect(await post(stage, { origin: "https://elsewhere.test" })).toBe("https://kith.test/");
  expect(await stage.storage.keys()).not.toContain("kith-shared");
});

test("a site that hides who it is gets no further than a tab of the browser", async () => {
  const stage = await installed();
  await post(stage, { origin: "null" });
  expect(await takeShared(stage.caches, () => false)).toBeUndefined();
  expect(await takeShared(stage.caches, () => true)).toBeUndefined();
  await post(stage, { origin: "null" });
  expect((await takeShared(stage.caches, () => true))?.text).toBe("Buy this");
});

test("no more is kept than anybody means to send", async () => {
  const stage = await installed();
  const large = new File([], "large.mp4");
  Object.defineProperty(large, "size", { value: 300_000_000 });
  const form = {
    get: () => "x".repeat(200_000),
    getAll: () => [large, ...Array(40).fill(new File(["a"], "a.txt"))],
  };
  const real = vi.spyOn(Request.prototype, "formData").mockResolvedValue(form as unknown as FormData);
  await post(stage, { origin: "null" });
  real.mockRestore();
  const shared = await takeShared(stage.caches, () => true);
  expect([shared?.text.length, shared?.files.length]).toEqual([100_000, 29]);
});
