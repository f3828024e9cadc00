import { describe, expect, it, vi } from "vitest";
import { DOMAIN, program } from "../../xmpp/kith.ts";
import { house } from "../house.ts";
import type { Person } from "../person.ts";

const FAMILY = `family@groups.${DOMAIN}`;

// Nothing here waits for a time: this is only when to give up.
vi.setConfig({ testTimeout: 30_000 });

describe.skipIf(!program)("people in a closed group", () => {
  const person = house(["anna", "ben"], ["lea"], ["gast"]);
  const group = (who: Person, chat: string) => who.mirror.chats.value.find(({ id }) => id === chat)?.group;
  const joined = (who: Person, chat: string) => who.until(() => group(who, chat)?.joined === "in");
  const line = (who: Person, chat: string, text: RegExp) =>
    who.sees(who.mirror.open(chat), (message) => message.kind === "notice" && text.test(message.text));
  const listed = async (who: Person, chat: string) =>
    (await who.do.members(chat)).map((one) => [one.address, one.affiliation]).sort();

  async function choir(anna: Person, ...others: Person[]): Promise<string> {
    const chat = await anna.do.createGroup({
      name: "Choir",
      people: others.map((one) => one.address),
      encrypted: false,
    });
    for (const one of others) {
      await one.until(() => one.mirror.chats.value.some(({ id, request }) => id === chat && request));
      await one.do.accept(chat);
      await joined(one, chat);
    }
    for (const one of [anna, ...others])
      await one.until(() => group(one, chat)?.people?.length === others.length);
    return chat;
  }

  it("who leaves belongs to it no longer, and the others read so", async () => {
    const [anna, ben, lea] = await Promise.all([person("anna"), person("ben"), person("lea")]);
    const chat = await choir(anna, ben, lea);
    expect(await lea.do.leaveGroup(chat)).toBe(false);
    await line(anna, chat, /^No longer in this group: lea$/i);
    await ben.until(() => group(ben, chat)?.people?.length === 1);
    expect(await listed(anna, chat)).toEqual([
      [anna.address, "owner"],
      [ben.address, "member"],
    ]);
    // An owner who is not the last one, too.
    await anna.do.setMember(chat, ben.address, "owner");
    await ben.until(() => group(ben, chat)?.role === "owner");
    await anna.do.leaveGroup(chat);
    await line(ben, chat, /^No longer in this group: anna$/i);
    expect(await listed(ben, chat)).toEqual([[ben.address, "owner"]]);
  });

  it("who is taken out reads by whom, keeps what was said, and may be asked in again", async () => {
    const [anna, lea] = await Promise.all([person("anna"), person("lea")]);
    const chat = await choir(anna, lea);
    await lea.do.send(chat, "I can sing");
    await anna.sees(anna.mirror.open(chat), ({ text }) => text === "I can sing");
    await anna.do.setMember(chat, lea.address, "none");
    await line(lea, chat, /^anna removed you from this group\.$/i);
    await lea.until(() => group(lea, chat)?.joined === "out");
    expect(lea.mirror.open(chat)).toBeDefined();
    await lea.sees(lea.mirror.open(chat), ({ text }) => text === "I can sing");
    await anna.do.addMembers(chat, [lea.address]);
    await lea.do.joinGroup(chat);
    await joined(lea, chat);
  });

  it("who is of the circle leaves its group, and comes back to it as it was", async () => {
    const ben = await person("ben");
    await joined(ben, FAMILY);
    await ben.do.pin(FAMILY, true);
    expect(await ben.do.leaveGroup(FAMILY)).toBe(true);
    await ben.until(() => group(ben, FAMILY) === undefined);
    await ben.do.joinGroup(FAMILY);
    await joined(ben, FAMILY);
    expect(ben.mirror.chats.value.find(({ id }) => id === FAMILY)).toMatchObject({ pinned: true });
    await ben.do.pin(FAMILY, false);
  });

  it("a name that somebody else gave it is seen by all", async () => {
    const [anna, ben] = await Promise.all([person("anna"), person("ben")]);
    const chat = await choir(anna, ben);
    await anna.do.renameGroup(chat, "Sunday choir");
    await ben.until(() =>
      ben.mirror.chats.value.some(({ id, name }) => id === chat && name === "Sunday choir"),
    );
  });

  it("a member asks somebody in, who finds it muted as it was when they come back", async () => {
    const [anna, ben, lea] = await Promise.all([person("anna"), person("ben"), person("lea")]);
    const chat = await choir(anna, ben);
    expect(group(ben, chat)).toMatchObject({ role: "member", mayAdd: true });
    await ben.do.addMembers(chat, [lea.address]);
    for (const one of [anna, ben]) await line(one, chat, /^New in this group: lea$/i);
    await lea.until(() => lea.mirror.chats.value.some(({ id, request }) => id === chat && request));
    await lea.do.accept(chat);
    await joined(lea, chat);
    expect(group(lea, chat)).toMatchObject({ role: "member" });
    await lea.do.mute(chat, "all");
    await lea.do.joinGroup(chat);
    await joined(lea, chat);
    expect(lea.mirror.chats.value.find(({ id }) => id === chat)?.mute).toBe("all");
  });

  it("who may make none is not offered to", async () => {
    const [anna, gast] = await Promise.all([person("anna"), person("gast")]);
    await anna.until(() => anna.mirror.me.value.mayInvite === true);
    await gast.until(() => gast.mirror.me.value.mayInvite === false);
  });
});
