import { describe, expect, it, vi } from "vitest";
import { Memory } from "../../../store/memory.ts";
import { DOMAIN, program } from "../../xmpp/kith.ts";
import { house } from "../house.ts";
import type { Person } from "../person.ts";

// Nothing here waits for a time: this is only when to give up.
vi.setConfig({ testTimeout: 30_000 });

const FAMILY = `family@groups.${DOMAIN}`;

describe.skipIf(!program)("a person with two devices", () => {
  const enter = house(["anna", "ben"], ["lea"]);
  const joined = (who: Person, chat: string) =>
    who.until(() => who.mirror.chats.value.some(({ id, group }) => id === chat && group?.joined === "in"));
  /** Who is in the family's group has told the box before that they want to hear of changes. */
  const person = async (...of: Parameters<typeof enter>): Promise<Person> => {
    const one = await enter(...of);
    if (of[0] !== "lea") await joined(one, FAMILY);
    return one;
  };
  const sees = (who: Person, chat: string, look: object) =>
    who.until(() => {
      const found = who.mirror.chats.value.find(({ id }) => id === chat);
      return found && Object.entries(look).every(([key, value]) => found[key as "mute"] === value);
    });

  it("has the same chats muted and pinned on both, and on a third one that comes later", async () => {
    const [anna, phone, ben] = await Promise.all([person("anna"), person("anna"), person("ben")]);
    await ben.do.send(anna.address, "Hello");
    for (const one of [anna, phone]) await sees(one, ben.address, { mute: "no", pinned: false });
    await sees(phone, FAMILY, { mute: "no", pinned: false });
    await anna.do.mute(FAMILY, "mentions");
    await anna.do.pin(FAMILY, true);
    await anna.do.mute(ben.address, "all");
    await anna.do.pin(ben.address, true);
    const tablet = await person("anna");
    for (const one of [anna, phone, tablet]) {
      await sees(one, FAMILY, { mute: "mentions", pinned: true });
      await sees(one, ben.address, { mute: "all", pinned: true });
    }
    await phone.do.pin(FAMILY, false);
    await phone.do.mute(ben.address, "no");
    for (const one of [anna, phone, tablet]) {
      await sees(one, FAMILY, { mute: "mentions", pinned: false });
      await sees(one, ben.address, { mute: "no", pinned: true });
    }
  });

  it("is told of all in one's own group, and in somebody's open one of what concerns them (XEP-0492)", async () => {
    const [anna, lea] = await Promise.all([person("anna"), person("lea")]);
    const open = await anna.do.createGroup({ name: "Street party", people: [], encrypted: false });
    await sees(anna, open, { mute: "no" });
    await lea.do.joinGroup(open);
    await sees(lea, open, { mute: "mentions" });
  });

  it("joins a group on one, leaves it on the other, and keeps what is put away until somebody speaks", async () => {
    const store = new Memory();
    const [anna, phone, ben] = await Promise.all([
      person("anna"),
      person("anna", false, store),
      person("ben"),
    ]);
    const walks = await ben.do.createGroup({ name: "Walks", people: [anna.address], encrypted: true });
    for (const one of [anna, phone]) await sees(one, walks, { request: true });
    await anna.do.accept(walks);
    await joined(phone, walks);
    await sees(phone, walks, { request: false });

    await phone.do.hide(walks, true);
    await phone.stop();
    const again = await person("anna", false, store);
    await vi.waitUntil(() => again.engine.rooms.in(walks), { timeout: 20_000 });
    expect(again.mirror.chats.value.some(({ id }) => id === walks)).toBe(false);

    // What is said in a group that had nothing to read when it was read is news.
    await again.do.hide(walks, true);
    await again.stop();
    await ben.do.lock(walks, false);
    await ben.do.send(walks, "At ten!");
    const view = ben.mirror.open(walks);
    await ben.sees(view, ({ text, state }) => text === "At ten!" && state === "sent");
    const later = await person("anna", false, store);
    await sees(later, walks, { unread: 1 });

    await later.do.leaveGroup(walks);
    await anna.until(() => !anna.mirror.chats.value.some(({ id }) => id === walks));
  });

  it("sees by itself who comes into the family", async () => {
    const anna = await person("anna");
    await sees(anna, FAMILY, { mute: "mentions" });
    await anna.until(() => anna.mirror.chats.value.find(({ group }) => group?.people?.includes("Ben")));
    await enter.add("opa");
    const opa = await anna.until(() => anna.mirror.people.value.get(`opa@${DOMAIN}`));
    expect(opa).toMatchObject({ contact: "mutual", circles: ["Family"] });
    await anna.sees(anna.mirror.open(FAMILY), ({ kind, text }) => kind === "notice" && text.includes("Opa"));
  });
});
