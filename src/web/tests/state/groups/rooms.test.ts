import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StanzaError } from "../../../xmpp/errors.ts";
import { x, type Element } from "../../../xmpp/xml.ts";
import { item, ROOM, status, Stubbed } from "../stubbed.ts";

/** Everything that is asked and answered without time going by. */
const settled = async () => {
  await vi.advanceTimersByTimeAsync(0);
};
const MINUTE = 60_000;

describe("a group, as its room tells of it", () => {
  let anna: Stubbed;
  const chat = () => anna.mirror.chats.value.find(({ id }) => id === ROOM)!;
  const lines = async () => (await anna.store.stretch(ROOM, undefined, "newer", 100)).map(({ text }) => text);
  const row = () => anna.engine.chats.ensure(ROOM, "group");
  const gone = (user: Element[]) => anna.hear("Anna", user, { type: "unavailable" });

  beforeEach(async () => {
    vi.useFakeTimers();
    anna = new Stubbed();
    anna.room("muc_open");
    anna.bookmark(true);
    await anna.engine.groups.load();
    void anna.engine.groups.start();
    await settled();
    anna.hear("Anna", [item("none", "participant"), ...status(110)]);
    await settled();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("is entered once", () => {
    expect(anna.entries).toBe(1);
    expect(chat().group).toMatchObject({ joined: "in", role: "none", voice: true });
  });

  it("counts who belongs to it twice, and not once for each, where five hundred come at the same moment", async () => {
    const admin = "http://jabber.org/protocol/muc#admin";
    anna.answers.set(admin, () => x("query", { xmlns: admin }));
    Object.assign(row().group!, { closed: true, members: [] });
    for (let number = 0; number < 500; number++) {
      const here = item("member", "participant");
      here.attrs.jid = `p${number}@kith.example/phone`;
      anna.hear(`P${number}`, [here]);
    }
    await settled();
    // The lists of owners, admins and members, each time.
    expect(anna.asked.filter((iq) => iq.getChild("query", admin))).toHaveLength(6);
    expect(row().group?.members).toHaveLength(500);
  });

  const actor = x("actor", { nick: "Mod" });
  const reason = x("reason", {}, "too loud");
  it.each([
    [
      "put out",
      [item("none", "none", actor, reason), ...status(110, 307)],
      "Mod removed you from this group. (too loud)",
    ],
    ["banned", [item("outcast", "none"), ...status(110, 301)], "You may not join this group."],
    [
      "no member any more",
      [item("none", "none", actor), ...status(110, 321)],
      "Mod removed you from this group.",
    ],
    [
      "made for members only",
      [item("none", "none"), ...status(110, 322)],
      "Only members can be in this group now, and you are not one.",
    ],
  ])("says so once when somebody is %s, and does not come back by itself", async (_, user, text) => {
    gone(user);
    await settled();
    expect(chat().group).toMatchObject({ joined: "out", problem: text });
    expect(await lines()).toEqual([text]);
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    expect(anna.entries).toBe(1);
  });

  it.each([
    ["the server of the group goes down", [item("none", "none"), ...status(110, 332)]],
    ["it could not reach us", [item("none", "none"), ...status(110, 307, 333)]],
    ["it forgot us", [item("none", "none"), ...status(110)]],
  ])("comes back, ever later, when %s", async (_, user) => {
    for (let round = 1; round <= 8; round++) {
      gone(user);
      await vi.advanceTimersByTimeAsync(Math.min(600_000, 15_000 * 2 ** (round - 1)));
      expect(anna.entries).toBe(1 + round);
      anna.hear("Anna", [item("none", "participant"), ...status(110)]);
      await settled();
      expect(chat().group?.joined).toBe("in");
    }
    expect(await lines()).toEqual([]);
  });

  it("is over when it was destroyed: readable, with the way to where it goes on, and never made anew", async () => {
    await anna.engine.messages.note(ROOM, "from before");
    gone([
      item("none", "none"),
      x("destroy", { jid: "agora@rooms.example" }, x("reason", {}, "moved")),
      ...status(110),
    ]);
    await settled();
    const text = "This group has been closed. (moved)";
    expect(chat().group).toMatchObject({ joined: "out", problem: text, venue: "agora@rooms.example" });
    expect(await lines()).toEqual(["from before", text]);
    // A new session, with nothing in memory of it.
    anna.engine.rooms.restart();
    const kept = anna.asked.find((iq) => iq.toString().includes("<publish"))?.toString();
    expect(kept).toContain(`autojoin="false"`);
    anna.bookmark(false);
    await anna.engine.groups.load();
    expect(chat().group).toMatchObject({ joined: "out", problem: text });
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    expect(anna.entries).toBe(1);
  });

  it("is not made by chance when it is not there any more", async () => {
    const missing = new StanzaError("item-not-found", "cancel", undefined, x("iq"));
    anna.answers.set("http://jabber.org/protocol/disco#info", () => {
      throw missing;
    });
    await anna.engine.rooms.enter(row());
    expect(anna.entries).toBe(1);
    expect(chat().group).toMatchObject({ joined: "out", problem: "This group does not exist any more." });
  });

  it.each([
    ["remote-server-not-found", "cancel", 2],
    ["internal-server-error", "cancel", 2],
    ["service-unavailable", "wait", 2],
    ["service-unavailable", "cancel", 1],
  ])(
    "is asked again whether it lets us in where its no may pass: %s, to %s",
    async (condition, type, entries) => {
      gone([item("none", "none"), ...status(110)]);
      await vi.advanceTimersByTimeAsync(15_000);
      expect(anna.entries).toBe(2);
      const error = x("error", { type }, x(condition, { xmlns: "urn:ietf:params:xml:ns:xmpp-stanzas" }));
      const muc = x("x", { xmlns: "http://jabber.org/protocol/muc" });
      anna.engine.rooms.presence(x("presence", { from: `${ROOM}/Anna`, type: "error" }, muc, error));
      await vi.advanceTimersByTimeAsync(MINUTE);
      expect(anna.entries).toBe(1 + entries);
    },
  );

  it("is read again when its name or its rules have changed", async () => {
    anna.room("muc_membersonly", "muc_nonanonymous");
    const codes = x("x", { xmlns: "http://jabber.org/protocol/muc#user" }, ...status(104));
    expect(anna.engine.rooms.announced(x("message", { from: ROOM, type: "groupchat" }, codes))).toBe(true);
    await settled();
    expect(chat()).toMatchObject({ name: "Plaza", group: { closed: true } });
  });

  it("is asked once who belongs to it, however many it says have come", async () => {
    const [user, admin] = ["user", "admin"].map((part) => `http://jabber.org/protocol/muc#${part}`);
    const [ben, lea] = ["ben@kith.example", "lea@kith.example"];
    let listed: string[] = [];
    anna.answers.set(admin!, () =>
      x("query", { xmlns: admin }, ...listed.map((jid) => x("item", { affiliation: "member", jid }))),
    );
    anna.room("muc_membersonly", "muc_nonanonymous");
    anna.engine.rooms.announced(x("message", { from: ROOM }, x("x", { xmlns: user }, ...status(104))));
    await settled();
    await anna.engine.rooms.listeners.member(row());
    const lists = () => anna.asked.filter((iq) => iq.getChild("query", admin)).length;
    const before = lists();
    listed = [ben, lea];
    const told = [ben, lea].map((jid) => x("item", { affiliation: "member", role: "none", jid }));
    for (const items of [told, told.slice(1)])
      anna.engine.rooms.announced(x("message", { from: ROOM }, x("x", { xmlns: user }, ...items)));
    await settled();
    expect(row().group?.members).toEqual([ben, lea]);
    // Once, and once more for what was told meanwhile; of three lists each.
    expect(lists() - before).toBe(6);
  });

  const ping = () => anna.asked.filter((iq) => iq.getChild("ping")).length;
  const answered = (condition: string) =>
    anna.answers.set("urn:xmpp:ping", () => {
      throw new StanzaError(condition, "cancel", undefined, x("iq"));
    });

  it.each(["service-unavailable", "remote-server-timeout"])(
    "of another server is asked after a quarter of an hour of silence whether we are in it: %s",
    async (condition) => {
      answered(condition);
      await vi.advanceTimersByTimeAsync(10 * MINUTE);
      anna.hear("Ben", [item("none", "participant")]);
      await vi.advanceTimersByTimeAsync(10 * MINUTE);
      expect(ping()).toBe(0);
      await vi.advanceTimersByTimeAsync(10 * MINUTE);
      expect(ping()).toBe(1);
      expect(chat().group?.joined).toBe("in");
      expect(anna.entries).toBe(1);
    },
  );

  it("is entered again when it has forgotten us without a word", async () => {
    answered("not-acceptable");
    await vi.advanceTimersByTimeAsync(16 * MINUTE);
    expect(anna.entries).toBe(2);
    anna.hear("Anna", [item("none", "participant"), ...status(110)]);
    await settled();
    expect(chat().group?.joined).toBe("in");
    expect(await lines()).toEqual([]);
  });

  it("is entered again when it does not know who writes", async () => {
    anna.engine.outbox.release();
    void anna.engine.sending.text(ROOM, "Hello?");
    await vi.waitFor(() => expect(anna.sent.some((one) => one.is("message"))).toBe(true));
    const { id } = anna.sent.find((one) => one.is("message"))!.attrs;
    const refusal = x("not-acceptable", { xmlns: "urn:ietf:params:xml:ns:xmpp-stanzas" });
    const attrs = { xmlns: "jabber:client", from: ROOM, type: "error", id };
    const message = x("message", attrs, x("error", { type: "cancel" }, refusal));
    await anna.engine.messages.take([{ message, copied: false }]);
    expect(chat().group?.joined).toBe("out");
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(anna.entries).toBe(2);
  });

  it("stays small when thousands of strangers with long names stream in", async () => {
    const before = anna.patches.length;
    for (let number = 0; number < 2000; number++) {
      const nick = `stranger ${String(number)} ${"x".repeat(900)}`;
      const id = x("occupant-id", { xmlns: "urn:xmpp:occupant-id:0", id: "y".repeat(10_000) });
      anna.hear(nick, [item("none", "participant")], {}, id);
      const from = `${String(number)}@elsewhere.example`;
      anna.engine.people.take(x("presence", { from: `${from}/phone` }));
      const payload = x("nick", { xmlns: "http://jabber.org/protocol/nick" }, nick);
      anna.engine.people.event({
        from,
        node: payload.getNS()!,
        items: [{ id: "1", payload }],
        retracted: [],
      });
    }
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(anna.patches.length - before).toBeLessThan(5);
    const people = chat().group!.people!;
    expect(people).toHaveLength(50);
    expect(Math.max(...people.map((name) => name.length))).toBe(100);
    expect(anna.mirror.presence.value.size).toBe(0);
    expect(anna.mirror.people.value.size).toBe(0);
    expect(await anna.store.all("people")).toEqual([]);
    expect(JSON.stringify(await anna.store.all("chats")).length).toBeLessThan(2000);
    for (let number = 0; number < 5000; number++)
      anna.hear(`more ${String(number)}`, [item("none", "participant")]);
    expect(anna.engine.rooms.get(ROOM)!.occupants.size).toBeLessThanOrEqual(2000);
    expect([...anna.engine.rooms.get(ROOM)!.occupants.values()].filter((one) => one.occupantId)).toEqual([]);
  });
});
