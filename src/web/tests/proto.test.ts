import { describe, expect, it } from "vitest";
import { fields, form } from "../proto/forms.ts";
import { presence } from "../proto/muc.ts";
import { event } from "../proto/pubsub.ts";
import { payload, read } from "../proto/said.ts";
import { say, type Content } from "../proto/say.ts";
import * as wishes from "../proto/wishes.ts";
import { parse } from "../xmpp/xml.ts";

const TO = { to: "ben@kith.example", group: false, id: "id1" };
/** As it comes out of the other side's parser. */
const heard = (content: Content, group = false) =>
  read(
    parse(
      say(content, { ...TO, group })
        .toString()
        .replace("<message", '<message xmlns="jabber:client"'),
    ),
  );
const message = (children: string, attributes = "") =>
  read(parse(`<message xmlns="jabber:client" ${attributes}>${children}</message>`));

describe("what is said is heard", () => {
  it("words, with an id of their own and a wish to hear that they arrived", () => {
    const said = heard({ body: '5 < 6 & "so"' });
    expect(said).toMatchObject({
      body: '5 < 6 & "so"',
      mid: "id1",
      originId: "id1",
      wantsReceipt: true,
      type: "chat",
    });
    expect(heard({ body: "x" }, true)).toMatchObject({ wantsReceipt: false, type: "groupchat" });
  });

  it("an answer, without the lines that older apps see of it", () => {
    const said = heard({
      body: "Yes 🎂",
      reply: { to: "ben@kith.example", ref: "id0", quoted: "🎂 today?\nor not" },
    });
    expect(said).toMatchObject({ body: "Yes 🎂", reply: { ref: "id0", to: "ben@kith.example" } });
  });

  it("an edit, feelings, and what is taken back", () => {
    expect(heard({ body: "better", replaces: "id0" })).toMatchObject({ body: "better", replaces: "id0" });
    expect(heard({ reacts: { ref: "id0", emojis: ["❤️", "❤️", "🎂"] } }).reacts).toEqual({
      ref: "id0",
      emojis: ["❤️", "🎂"],
    });
    const gone = heard({ retracts: "id0" });
    expect(gone.retracts).toEqual({ ref: "id0", moderator: false });
    expect(gone.body).toBeUndefined();
  });

  it("a file, with its measures, and its address for apps that know no better", () => {
    const file = {
      url: "https://kith.example/upload/1/lake.jpg",
      name: "lake.jpg",
      type: "image/jpeg",
      size: 9,
      width: 4,
      height: 3,
      caption: "Us",
    };
    const said = heard({ file });
    expect(said.file).toEqual(file);
    expect(said.body).toBeUndefined();
    expect(say({ file }, TO).getChildText("body")).toBe(file.url);
    const voice = {
      url: "https://kith.example/upload/2/v.m4a",
      name: "v.m4a",
      type: "audio/mp4",
      duration: 1.5,
      waveform: [0, 50, 100],
    };
    expect(heard({ file: voice }).file).toEqual(voice);
  });

  it("a file in answer to something", () => {
    const file = { url: "https://kith.example/upload/1/lake.jpg", name: "lake.jpg", type: "image/jpeg" };
    const said = heard({ file, reply: { to: "b@x", ref: "id0", quoted: "Where?" } });
    expect(said).toMatchObject({ file, reply: { ref: "id0" } });
    expect(said.body).toBeUndefined();
  });
});

describe("what is wanted of a chat", () => {
  const holder = `<extensions><notify xmlns="urn:xmpp:notification-settings:1">
    <never identity-category="client" identity-type="pc"/><on-mention identity-category="client"><advanced><when xmlns="x"/></advanced></on-mention>
    <always/></notify><other xmlns="y"/></extensions>`;

  it("is what is said for this kind of client, else for clients, else for all (XEP-0492 section 4)", () => {
    expect(wishes.read(parse(holder))).toEqual({ mute: "mentions", pinned: false });
    expect(wishes.read(parse(holder.replace(`"pc"`, `"web"`)))).toEqual({ mute: "all", pinned: false });
    expect(
      wishes.read(parse(`<extensions><notify xmlns="urn:xmpp:notification-settings:1"/></extensions>`)),
    ).toEqual({ pinned: false });
    expect(wishes.read(undefined)).toEqual({ pinned: false });
  });

  it("is changed for this client and for all, and what others put there stays", () => {
    const changed = wishes.change(parse(holder), { mute: "all", pinned: true });
    expect(wishes.read(changed)).toEqual({ mute: "all", pinned: true });
    const notify = changed.getChild("notify")!;
    expect(notify.getChildElements().map((one) => one.getName())).toEqual(["never", "never", "never"]);
    expect(notify.toString()).toContain(`<advanced><when xmlns="x"/></advanced>`);
    expect(changed.getChild("other", "y")).toBeDefined();
    const back = wishes.change(wishes.change(changed, { pinned: false }), { pinned: false });
    expect(wishes.read(back)).toEqual({ mute: "all", pinned: false });
    expect(wishes.read(wishes.change(wishes.nothing(), { mute: "no" }))).toEqual({
      mute: "no",
      pinned: false,
    });
  });
});

describe("what others say is read with care", () => {
  it("a file of older apps by its address, and only by one that can be fetched", () => {
    const oob = (url: string) =>
      message(`<body>${url}</body><x xmlns="jabber:x:oob"><url>${url}</url></x>`).file;
    expect(oob("https://other.example/a%20b.PNG")).toEqual({
      url: "https://other.example/a%20b.PNG",
      name: "a b.PNG",
      type: "image/png",
    });
    for (const bad of [
      "javascript:alert(1)",
      "data:text/html,x",
      "http://other.example/a.png",
      "https://a b",
    ])
      expect(oob(bad)).toBeUndefined();
    expect(oob("https://other.example/%E0%A4%A")?.name).toBe("%E0%A4%A");
  });

  it("an encrypted file that stands alone in the words", () => {
    const holder = parse('<content xmlns="x"><body>aesgcm://other.example/a.jpg#00</body></content>');
    expect(payload(holder).file?.url).toBe("aesgcm://other.example/a.jpg#00");
  });

  it("marks and typing, in an envelope too", () => {
    const marks =
      '<received xmlns="urn:xmpp:receipts" id="a"/><displayed xmlns="urn:xmpp:chat-markers:0" id="b"/>' +
      '<composing xmlns="http://jabber.org/protocol/chatstates"/>';
    const read = { receipt: "a", displayed: "b", state: "composing" };
    expect(message(marks)).toMatchObject(read);
    expect(payload(parse(`<content xmlns="urn:xmpp:sce:1">${marks}</content>`))).toMatchObject(read);
  });

  it("numbers that are none are left out", () => {
    const file = message(
      `<body>https://o.example/x</body><file-sharing xmlns="urn:xmpp:sfs:0"><file xmlns="urn:xmpp:file:metadata:0"><name>x</name><size>-1</size><width>1e99</width><length>NaN</length></file>` +
        `<sources><url-data xmlns="http://jabber.org/protocol/url-data" target="https://o.example/x"/></sources></file-sharing>`,
    ).file;
    expect(file).toEqual({ url: "https://o.example/x", name: "x", type: "application/octet-stream" });
  });

  it("ranges of a fallback that lie outside cut nothing", () => {
    const body = (start: string, end: string) =>
      message(
        `<reply xmlns="urn:xmpp:reply:0" id="a"/><fallback xmlns="urn:xmpp:fallback:0" for="urn:xmpp:reply:0"><body start="${start}" end="${end}"/></fallback><body>Hello</body>`,
      ).body;
    expect([body("0", "9999"), body("-5", "2"), body("x", "y"), body("0", "2")]).toEqual([
      "Hello",
      "Hello",
      "Hello",
      "llo",
    ]);
  });

  it("an invitation through a room and one straight", () => {
    expect(
      message(
        `<x xmlns="http://jabber.org/protocol/muc#user"><invite from="mia@x/phone"/><password>p</password></x>`,
        'from="g@groups.x"',
      ).invitation,
    ).toEqual({ room: "g@groups.x", by: "mia@x/phone", password: "p" });
    expect(message(`<x xmlns="jabber:x:conference" jid="g@groups.x"/>`, 'from="mia@x"').invitation).toEqual({
      room: "g@groups.x",
    });
  });

  it("an error, with its condition and text", () => {
    const said = message(
      `<error type="cancel"><item-not-found xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/><text xmlns="urn:ietf:params:xml:ns:xmpp-stanzas">Nobody</text></error>`,
      'type="error" id="x"',
    );
    expect(said.error).toEqual({ condition: "item-not-found", text: "Nobody" });
  });

  it("events and presences without what they should have", () => {
    expect(
      event(
        parse(
          '<message xmlns="jabber:client"><event xmlns="http://jabber.org/protocol/pubsub#event"/></message>',
        ),
      ),
    ).toBeUndefined();
    expect(presence(parse('<presence xmlns="jabber:client" from="g@x/n"/>'))).toBeUndefined();
    expect(
      presence(
        parse(
          '<presence xmlns="jabber:client" from="g@x/n"><x xmlns="http://jabber.org/protocol/muc#user"/></presence>',
        ),
      ),
    ).toMatchObject({
      room: "g@x",
      occupant: { nick: "n", affiliation: "none", role: "none" },
    });
  });

  it("a form with several values, and none", () => {
    const holder = parse(`<q xmlns="q">${form("t", { a: "1", b: ["2", "3"], c: undefined }).toString()}</q>`);
    expect([...fields(holder)]).toEqual([
      ["FORM_TYPE", "t"],
      ["a", "1"],
      ["b", "2"],
    ]);
    expect(fields(undefined).size).toBe(0);
  });
});
