import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { listNode, versions } from "../../../omemo/index.ts";
import { Sealed } from "../../../state/encryption/omemo.ts";
import { StanzaError } from "../../../xmpp/errors.ts";
import { x } from "../../../xmpp/xml.ts";
import { DOMAIN, Kith, program } from "../../xmpp/kith.ts";
import { BEN, body, Desk, said } from "../desk.ts";
import { PASSWORD, Person } from "../person.ts";

// Nothing here waits for a time: this is only when to give up.
vi.setConfig({ testTimeout: 30_000 });

const [node] = versions.map(listNode);
/** A list of devices as somebody's server tells it. */
const list = (...devices: number[]) => ({
  id: "current",
  payload: x(
    "list",
    { xmlns: "eu.siacs.conversations.axolotl" },
    ...devices.map((id) => x("device", { id: String(id) })),
  ),
});

describe("a chat that was encrypted", () => {
  async function begun(): Promise<Desk> {
    const desk = await Desk.open();
    desk.engine.encryption = await Sealed.open(desk.engine);
    await desk.do.chat(BEN);
    return desk;
  }
  const lock = (desk: Desk) => desk.mirror.chats.value.find(({ id }) => id === BEN)!;
  async function tell(desk: Desk, ...devices: number[]): Promise<void> {
    desk.engine.encryption.event({ from: BEN, node: node!, items: [list(...devices)], retracted: [] });
    await desk.until(() => lock(desk).lockable === (devices.length > 0 ? "yes" : "noApp"));
  }

  it("stays locked when a server says that the other side has no device any more", async () => {
    const desk = await begun();
    await tell(desk, 7);
    desk.engine.encryption.open = async (_, then) =>
      desk.store.write(await then({ kind: "payload", payload: { body: "Psst", mentions: [] }, device: 7 }));
    await desk.hear(said("a", `<encrypted xmlns="eu.siacs.conversations.axolotl"/>`));
    await tell(desk);
    expect(lock(desk)).toMatchObject({ lock: "on", lockable: "noApp" });
    await desk.do.send(BEN, "A secret");
    await desk.until(async () => (await desk.kept()).some(({ state }) => state === "failed"));
    expect(desk.sent.map(String).join()).not.toContain("A secret");
  });

  it.each(["remote-server-timeout", "internal-server-error"])(
    "is none that began in the open because nobody could say whether the other side can: %s",
    async (condition) => {
      const desk = await begun();
      const request = vi.spyOn(desk.engine.stream, "request");
      request.mockRejectedValue(new StanzaError(condition, "cancel", undefined, x("iq")));
      const row = desk.engine.chats.ensure(BEN);
      await expect(desk.engine.encryption.decide(row)).rejects.toThrow(condition);
      expect(desk.engine.encryption.wanted(row)).toBeUndefined();
      request.mockRejectedValue(new StanzaError("item-not-found", "cancel", undefined, x("iq")));
      expect(await desk.engine.encryption.decide(row)).toBe(false);
    },
  );

  it("goes on in the open when a person says so, and where nothing was encrypted yet", async () => {
    const desk = await begun();
    await tell(desk, 7);
    await tell(desk);
    expect(lock(desk).lock).toBe("off");
    await desk.do.lock(BEN, true);
    expect(lock(desk).lock).toBe("on");
    await desk.do.lock(BEN, false);
    await desk.hear(said("a", body("Hello")));
    expect(lock(desk).lock).toBe("off");
  });
});

describe.skipIf(!program)("between two devices, against the program that KITH names", () => {
  let kith: Kith;

  beforeAll(async () => {
    kith = await Kith.start();
    await Promise.all(["anna", "ben"].map((name) => kith.addUser(name, PASSWORD)));
  }, 60_000);

  afterAll(() => kith.stop());

  it("a chat stays locked once a message went so, or a key was checked", async () => {
    const people = await Promise.all(
      ["anna", "ben"].map((name) => new Person(kith, name, undefined, true).start()),
    );
    const [anna, ben] = people as [Person, Person];
    await anna.do.chat(ben.address);
    const view = anna.mirror.open(ben.address);
    await anna.do.send(ben.address, "For you alone");
    await anna.sees(view, ({ state }) => state === "delivered");
    for (const version of versions)
      anna.engine.encryption.event({
        from: ben.address,
        node: listNode(version),
        items: [],
        retracted: ["current"],
      });
    await anna.until(() =>
      anna.mirror.chats.value.some(({ lockable, lock }) => lockable === "noApp" && lock === "on"),
    );
    await anna.do.send(ben.address, "A secret");
    const failed = await anna.sees(view, ({ state }) => state === "failed");
    expect(failed.problem).toContain("cannot be encrypted");
    // Nothing has been said with her yet.
    const oma = await anna.do.verify(`xmpp:oma@${DOMAIN}?omemo-sid-7=${"a1".repeat(32)}`);
    expect(anna.engine.chats.get(oma)).toMatchObject({ lock: true, hidden: true });
    await Promise.all(people.map((one) => one.stop()));
  });
});
