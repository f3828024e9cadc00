import { afterEach, describe, expect, it, vi } from "vitest";
import { listNode, versions } from "../../omemo/index.ts";
import { Media, FileCache } from "../../state/files/media.ts";
import { Sealed } from "../../state/encryption/omemo.ts";
import { Urls } from "../../state/tabs/urls.ts";
import { Memory } from "../../store/memory.ts";
import { put } from "../../store/store.ts";
import { x } from "../../xmpp/xml.ts";
import { BEN, Desk } from "./desk.ts";

describe("what others can make this device keep", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("is no list of devices of people one has nothing to do with", async () => {
    const desk = await Desk.open();
    const sealed = await Sealed.open(desk.engine);
    await desk.do.chat(BEN);
    const axolotl = "eu.siacs.conversations.axolotl";
    const payload = x("list", { xmlns: axolotl }, x("device", { id: "7" }));
    const node = versions.map(listNode).find((one) => one.startsWith(axolotl))!;
    for (const from of ["x@evil.example", "y@evil.example", BEN])
      sealed.event({ from, node, items: [{ id: "current", payload }], retracted: [] });
    await desk.until(async () => (await desk.store.all("omemo")).length > 0);
    expect((await desk.store.all<{ id: string }>("omemo")).map(({ id }) => id)).toEqual([
      `lists/${BEN}/axolotl`,
    ]);
  });

  it("are so many files and pictures, and not more", async () => {
    const store = new Memory();
    const rows = ["file", "picture"].flatMap((kind) =>
      Array.from({ length: 600 }, (_, at) => put("files", { id: `${kind} ${at}`, at, blob: new Blob() })),
    );
    await store.write(rows);
    await new FileCache(store).trim();
    const kept = (await store.all<{ id: string }>("files")).map(({ id }) => id);
    expect(kept.filter((id) => id.startsWith("file"))).toHaveLength(200);
    expect(kept.filter((id) => id.startsWith("picture"))).toHaveLength(500);
    expect(kept).toContain("picture 599");
  });

  it("is no picture but the one that its hash names", async () => {
    const desk = await Desk.open();
    const png = btoa("\x89PNG and so on");
    const card = x("vCard", { xmlns: "vcard-temp" }, x("PHOTO", {}, x("BINVAL", {}, png)));
    const asked = { ...desk.engine.core.stream, request: () => Promise.resolve(x("iq", {}, card)) };
    Object.assign(desk.engine.core, { stream: asked });
    const media = new Media(desk.engine.core);
    const sha1 = Buffer.from(
      await crypto.subtle.digest(
        "SHA-1",
        Uint8Array.from(atob(png), (one) => one.charCodeAt(0)),
      ),
    ).toString("hex");
    expect(await media.picture(`${BEN}/${"0".repeat(40)}`)).toBeUndefined();
    expect((await media.picture(`${BEN}/${sha1}`))?.type).toBe("image/png");
    expect(await desk.store.all("files")).toHaveLength(1);
  });

  it("are so many object URLs: the one that was not asked for longest goes", async () => {
    let made = 0;
    vi.spyOn(URL, "createObjectURL").mockImplementation(() => `blob:${String(made++)}`);
    const revoked = vi.spyOn(URL, "revokeObjectURL").mockImplementation(() => undefined);
    const urls = new Urls();
    const load = () => Promise.resolve(new Blob());
    for (let number = 0; number < 500; number++) await urls.of(String(number), load);
    expect(await urls.of("0", load)).toBe("blob:0");
    await urls.of("one more", load);
    await Promise.resolve();
    expect(revoked.mock.calls).toEqual([["blob:1"]]);
    expect(await urls.of("nothing", () => Promise.resolve(undefined))).toBeUndefined();
    expect(await urls.of("nothing", load)).toBe("blob:501");
  });
});
