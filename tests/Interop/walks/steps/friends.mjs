// Journey 6: friends elsewhere. They are at a Prosody, with an app that speaks for itself.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { Client } from "../client.mjs";
import { PICTURE, photo } from "../files.mjs";
import { DOMAIN } from "../home.mjs";
import { walk } from "../walks.mjs";

const MIA = `mia@${DOMAIN}`;
const LENA = "lena@prosody.test";
const STATES = "http://jabber.org/protocol/chatstates";
const chat = (to, inside, id = crypto.randomUUID()) => `<message to='${to}' type='chat' id='${id}'>${inside}</message>`;
const presence = (type, from) => (stanza) =>
  stanza.is("presence") && stanza.attrs.type === type && stanza.attrs.from.startsWith(from);

/** As an app shows its person's picture (XEP-0084). */
async function showPicture(friend) {
  const hash = crypto.createHash("sha1").update(PICTURE).digest("hex");
  const publish = (node, payload) =>
    friend.ask(
      `<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:avatar:${node}'><item id='${hash}'>${payload}</item></publish></pubsub>`,
      { type: "set", to: friend.address },
    );
  await publish("data", `<data xmlns='urn:xmpp:avatar:data'>${PICTURE.toString("base64")}</data>`);
  const info = `<info bytes='${PICTURE.length}' id='${hash}' type='image/png' width='1' height='1'/>`;
  await publish("metadata", `<metadata xmlns='urn:xmpp:avatar:metadata'>${info}</metadata>`);
}

/** As an app sends a photo: to its own server (XEP-0363), and the address to the other. */
async function sendPhoto(friends, friend, to) {
  const wish = `<request xmlns='urn:xmpp:http:upload:0' filename='cake.png' size='${PICTURE.length}' content-type='image/png'/>`;
  const slot = (await friend.ask(wish, { to: friends.files })).getChild("slot");
  const put = slot.getChild("put");
  const headers = Object.fromEntries(put.getChildren("header").map((one) => [one.attrs.name, one.getText()]));
  await friends.transfer(put.attrs.url, {
    method: "PUT",
    headers: { ...headers, "content-type": "image/png", "content-length": PICTURE.length },
    body: PICTURE,
  });
  const { url } = slot.getChild("get").attrs;
  friend.write(chat(to, `<body>${url}</body><x xmlns='jabber:x:oob'><url>${url}</url></x>`));
}

walk("a friend on another server is added by address, accepts, and both talk and see each other's photos", async (walk) => {
  const { home, friends } = await walk.homeAmongFriends(["mia"], ["lena"]);
  const lena = await friends.person("lena");
  lena.write("<presence/>");
  await showPicture(lena);
  const device = await walk.device("phone");
  device.line.hosts.add(friends.files);
  const mia = await new Client(device, home.site).signIn("mia");

  await mia.begin();
  await mia.dialog.getByLabel("Name or address").fill(LENA);
  await mia.dialog.getByRole("button", { name: /Look up this address/ }).click();
  await mia.dialog.getByRole("button", { name: "Add to contacts" }).click();
  const asked = mia.dialog.getByText("lena was asked, and has not answered yet");
  await asked.waitFor();
  await lena.expect("to be asked", presence("subscribe", MIA));
  lena.write(`<presence to='${MIA}' type='subscribed'/><presence to='${MIA}' type='subscribe'/>`);
  await asked.waitFor({ state: "detached" });
  await lena.expect("her presence", presence(undefined, MIA));
  await mia.dialog.getByRole("button", { name: "Write" }).click();

  await mia.head.filter({ hasText: "Online" }).waitFor();
  lena.write("<presence><show>away</show></presence>");
  await mia.head.filter({ hasText: "Away" }).waitFor();
  await mia.seesPicture(mia.head);

  await mia.field.pressSequentially("Hel");
  await lena.expect("that she types", (stanza) => stanza.getChild("composing", STATES));
  await mia.send("Hello over there");
  const heard = await lena.hears("Hello over there");
  await mia.left("Hello over there");
  lena.write(chat(MIA, `<displayed xmlns='urn:xmpp:chat-markers:0' id='${heard.attrs.id}'/>`));
  await mia.reached("Hello over there", "Read");
  lena.write(chat(MIA, `<composing xmlns='${STATES}'/>`));
  await mia.head.filter({ hasText: "typing…" }).waitFor();
  lena.write(chat(MIA, `<body>And hello back</body><active xmlns='${STATES}'/>`));
  await mia.sees("And hello back");
  await mia.head.filter({ hasText: "Away" }).waitFor();

  await mia.choose("Photo or video", photo("lake.png"));
  await mia.dialog.getByLabel("Caption").fill("At the lake");
  await mia.dialog.getByRole("button", { name: "Send", exact: true }).click();
  const sent = await lena.expect("the photo", (stanza) => stanza.getChild("x", "jabber:x:oob"));
  const bytes = await friends.transfer(sent.getChild("x", "jabber:x:oob").getChildText("url"));
  assert.match(bytes.toString("latin1", 0, 12), /PNG|JFIF|WEBP/, "what she can get is a picture");
  await sendPhoto(friends, lena, MIA);
  await mia.seesPicture(mia.log.getByRole("article").last());

  lena.write("<presence type='unavailable'/>");
  await mia.head.filter({ hasText: "Not online" }).waitFor();
  await mia.page.reload();
  for (const text of ["Hello over there", "And hello back"]) {
    await mia.sees(text);
    assert.equal(await mia.message(text).count(), 1, text);
  }
});

walk("strangers from elsewhere wait apart: one is accepted, the other is blocked and not heard again", async (walk) => {
  const { home, friends } = await walk.homeAmongFriends(["mia"], ["lena", "tom"]);
  const mia = await new Client(await walk.device("desktop"), home.site).signIn("mia");
  const [lena, tom] = [await friends.person("lena"), await friends.person("tom")];
  for (const one of [lena, tom]) one.write("<presence/>");
  lena.write(chat(MIA, "<body>Is this the right Mia?</body>"));
  const requests = mia.list.getByRole("link", { name: "Message requests" });
  await requests.filter({ hasText: "1" }).waitFor();
  tom.write(chat(MIA, "<body>Buy my watches</body>"));
  await requests.filter({ hasText: "2" }).waitFor();
  assert.equal(await mia.row("lena").count(), 0, "a stranger stands among the chats");

  await requests.click();
  const request = (text) => mia.dialog.getByRole("article").filter({ hasText: text });
  await request("Is this the right Mia?").getByText(`${LENA}, from elsewhere`).waitFor();
  await request("Buy my watches").getByRole("button", { name: "Block" }).click();
  await mia.page.getByRole("dialog", { name: "Block tom?" }).getByRole("button", { name: "Block" }).click();
  await request("Buy my watches").waitFor({ state: "detached" });
  await request("Is this the right Mia?").getByRole("button", { name: "Accept" }).click();
  await request("Is this the right Mia?").waitFor({ state: "detached" });
  await lena.expect("to be asked", presence("subscribe", MIA));
  await mia.dialog.getByRole("button", { name: "Close" }).click();

  tom.write(chat(MIA, "<body>Cheaper than ever</body>", "again"));
  await tom.expect("a refusal", (stanza) => stanza.attrs.type === "error" && stanza.attrs.id === "again");
  await mia.open("lena");
  await mia.sees("Is this the right Mia?");
  await mia.send("It is, and who are you?");
  await lena.hears("It is, and who are you?");
  assert.equal(await mia.list.getByText("Cheaper than ever").count(), 0);
  await requests.waitFor({ state: "detached" });
});

/** A public room that one of them has made. */
async function makeRoom(friend, room, name) {
  friend.write(`<presence to='${room}/${friend.address.split("@")[0]}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  const field = (key, value) => `<field var='${key}'><value>${value}</value></field>`;
  const form = [
    field("FORM_TYPE", "http://jabber.org/protocol/muc#roomconfig"),
    field("muc#roomconfig_roomname", name),
    field("muc#roomconfig_publicroom", "1"),
    field("muc#roomconfig_persistentroom", "1"),
  ];
  const made = await friend.ask(
    `<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>${form.join("")}</x></query>`,
    { type: "set", to: room },
  );
  assert.equal(made.attrs.type, "result", `${room}: ${made}`);
}

walk("a public room of another server is joined by its address, another is found by a word, and both are talked in", async (walk) => {
  const { home, friends } = await walk.homeAmongFriends(["mia"], ["lena"]);
  const lena = await friends.person("lena");
  lena.write("<presence/>");
  const [garden, books] = [`garden@${friends.rooms}`, `books@${friends.rooms}`];
  await makeRoom(lena, garden, "Our garden");
  await makeRoom(lena, books, "Books and tea");
  const say = (room, text) => lena.write(`<message to='${room}' type='groupchat' id='${text}'><body>${text}</body></message>`);
  say(garden, "The roses are out");
  await lena.hears("The roses are out");

  const mia = await new Client(await walk.device("desktop"), home.site).signIn("mia");
  await mia.begin("Join a public group");
  await mia.dialog.getByLabel("Word, address or link").fill(garden);
  await mia.dialog.getByRole("button", { name: /Look at this group/ }).click();
  await mia.dialog.getByRole("heading", { name: "Our garden" }).waitFor();
  await mia.dialog.getByRole("button", { name: "Join" }).click();
  await mia.sees("The roses are out");
  await mia.head.filter({ hasText: "lena" }).waitFor();
  await mia.send("And so are the slugs");
  await lena.hears("And so are the slugs");
  await mia.left("And so are the slugs");
  lena.write(`<message to='${garden}' type='groupchat'><composing xmlns='${STATES}'/></message>`);
  await mia.head.filter({ hasText: "lena is typing…" }).waitFor();
  say(garden, "Oh dear");
  await mia.sees("Oh dear");

  await mia.begin("Join a public group");
  await mia.dialog.getByText("On another server").click();
  await mia.dialog.getByLabel("Server").fill(friends.domain);
  await mia.dialog.getByLabel("Word, address or link").fill("tea");
  await mia.dialog.getByText("Our garden").waitFor({ state: "detached" });
  await mia.dialog.getByText("Books and tea").waitFor();
  await mia.dialog.getByRole("button", { name: "Join" }).click();
  await mia.page.getByRole("heading", { name: "Books and tea", level: 2 }).waitFor();
  await mia.send("What are we reading?");
  await lena.hears("What are we reading?");
  say(books, "The Wind in the Willows");
  await mia.sees("The Wind in the Willows");

  await mia.page.reload();
  for (const [room, text] of [["Our garden", "Oh dear"], ["Books and tea", "The Wind in the Willows"]]) {
    await mia.open(room);
    await mia.sees(text);
    assert.equal(await mia.message(text).count(), 1, text);
  }
});
