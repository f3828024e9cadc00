import { called } from "../../../i18n/names.ts";
import { configure } from "../../../proto/muc.ts";
import { describe, expect, it, vi } from "vitest";
import { DOMAIN, program } from "../../xmpp/kith.ts";
import { house } from "../house.ts";
import type { Person } from "../person.ts";

// Nothing here waits for a time: this is only when to give up.
vi.setConfig({ testTimeout: 30_000 });

const FAMILY = `family@groups.${DOMAIN}`;

describe.skipIf(!program)("who has read what in a group", () => {
  const person = house(["anna", "ben", "oma"]);
  const family = (...all: Person[]) =>
    Promise.all(
      all.map((one) =>
        one.until(() => one.mirror.chats.value.find(({ group }) => group?.people?.length === 2)),
      ),
    );
  const state = async (who: Person, message: string) =>
    (await who.do.readers(message)).map(({ name, read }) => [name, read]);

  it("says who has, and that everybody has when they have; on another device too (XEP-0333)", async () => {
    const [anna, ben, oma] = await Promise.all([person("anna"), person("ben"), person("oma")]);
    await family(anna, ben, oma);
    const view = anna.mirror.open(FAMILY);
    await anna.do.send(FAMILY, "Cake at four");
    const sent = await anna.sees(view, ({ text, state }) => text === "Cake at four" && state === "sent");
    for (const one of [ben, oma]) {
      const got = await one.sees(one.mirror.open(FAMILY), ({ text }) => text === "Cake at four");
      expect(await state(anna, sent.id)).toContainEqual([called(one.name), false]);
      await one.do.read(FAMILY, got.id);
      // What is said afterwards comes after the mark.
      await one.do.send(FAMILY, `${one.name} has seen it`);
      await anna.sees(view, ({ text }) => text === `${one.name} has seen it`);
      expect(await state(anna, sent.id)).toContainEqual([called(one.name), true]);
    }
    await anna.sees(view, ({ id, state }) => id === sent.id && state === "read");

    const phone = await person("anna");
    await phone.sees(
      phone.mirror.open(FAMILY),
      ({ text, state }) => text === "Cake at four" && state === "read",
    );
  });

  it("tells nothing where a person does not want it, and nothing in a group that anybody may enter", async () => {
    const [anna, ben] = await Promise.all([person("anna"), person("ben")]);
    const open = await anna.do.createGroup({ name: "Street party", people: [], encrypted: false });
    await configure(anna.engine.stream, open, { "muc#roomconfig_membersonly": "0" });
    await anna.until(() => anna.mirror.chats.value.find(({ id, group }) => id === open && !group!.closed));
    await ben.do.joinGroup(open);
    await ben.do.set("readMarks", false);
    const told: string[] = [];
    const tell = ben.engine.core.tell.bind(ben.engine.core);
    ben.engine.core.tell = (stanza) => {
      if (stanza.getChild("displayed")) told.push(stanza.attrs.to!);
      tell(stanza);
    };
    for (const chat of [FAMILY, open]) {
      await anna.do.send(chat, "Who is there?");
      const got = await ben.sees(ben.mirror.open(chat), ({ text }) => text === "Who is there?");
      await ben.do.read(chat, got.id);
      await ben.do.set("readMarks", true);
    }
    expect(told).toEqual([]);
  });
});
