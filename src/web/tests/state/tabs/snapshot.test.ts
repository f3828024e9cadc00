import { afterEach, expect, it, vi } from "vitest";
import { Mirror } from "../../../state/tabs/mirror.ts";
import { x } from "../../../xmpp/xml.ts";
import { Stubbed } from "../stubbed.ts";

const UPLOAD = "urn:xmpp:http:upload:0";
const BEN = "ben@kith.example";

/** A tab that has just opened. */
function tab(anna: Stubbed): Mirror {
  const mirror = new Mirror(anna.store, () => Promise.reject(new Error("not asked")), anna.engine.core.me);
  mirror.apply(anna.engine.snapshot());
  return mirror;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

it("shows a new tab who types and what is on its way up, and nothing of what is over", async () => {
  const anna = new Stubbed();
  const requests: {
    upload: { onprogress?: (event: object) => void };
    status: number;
    onload?: () => void;
  }[] = [];
  vi.stubGlobal(
    "XMLHttpRequest",
    class {
      readonly upload = {};
      status = 201;
      open = () => requests.push(this);
      setRequestHeader = () => undefined;
      send = () => undefined;
    },
  );
  anna.answers.set(UPLOAD, () =>
    x(
      "slot",
      { xmlns: UPLOAD },
      x("put", { url: "https://kith.example/up" }),
      x("get", { url: "https://kith.example/got" }),
    ),
  );
  anna.room(UPLOAD);
  const sent = anna.engine.media.send("message", new Blob(["a photo"]), "photo.jpg", "image/jpeg");
  await vi.waitUntil(() => requests.length > 0);
  requests[0]!.upload.onprogress!({ loaded: 1, total: 2 });
  anna.engine.typing.heard(BEN, "Ben", "composing");

  const early = tab(anna);
  expect([...early.transfers.value]).toEqual([["message", { message: "message", done: 0.5 }]]);
  expect([...early.typing.value]).toEqual([[BEN, ["Ben"]]]);

  requests[0]!.onload!();
  await sent;
  anna.engine.typing.heard(BEN, "Ben", "paused");
  // A tab that heard of neither, because who led then is gone, learns it from who leads now.
  early.apply(anna.engine.snapshot());
  for (const mirror of [early, tab(anna)]) {
    expect(mirror.transfers.value.size).toBe(0);
    expect(mirror.typing.value.size).toBe(0);
  }
});
