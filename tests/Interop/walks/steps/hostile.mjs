// The hostile room: names, subjects, links and files made to break the page (security.md, "Web").
import { Client } from "../client.mjs";
import { DOMAIN, freePort } from "../home.mjs";
import { bodies, escape, image, unharmed } from "../hostile.mjs";
import { Stranger } from "../stranger.mjs";
import { walk } from "../walks.mjs";

const ROOM = `family@groups.${DOMAIN}`;
const oobs = [
  "javascript:document.title='hacked'",
  "data:text/html,<script>document.title='hacked'</script>",
  "https://stranger.invalid/a.png\" onerror=\"document.title='hacked'",
  "aesgcm://stranger.invalid/%00..%2f..%2fx.svg#zz",
  "https://stranger.invalid/../../<img src=x>.html",
  "x",
  "",
];

function message(id, inside) {
  return `<message to='${ROOM}' type='groupchat' id='${id}'>${inside}</message>`;
}

/** Extensions with values that nobody expects. */
const odd = [
  "<body>odd 1</body><replace xmlns='urn:xmpp:message-correct:0' id=''/>",
  "<body>odd 2</body><replace xmlns='urn:xmpp:message-correct:0' id='body 0'/>",
  "<body>odd 3</body><reply xmlns='urn:xmpp:reply:0' id='__proto__' to='constructor'/>",
  "<body>odd 4</body><reactions xmlns='urn:xmpp:reactions:0' id='__proto__'><reaction>&lt;b&gt;</reaction></reactions>",
  "<body>odd 5</body><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='-5' end='99999999'/></fallback>",
  "<body>odd 6</body><delay xmlns='urn:xmpp:delay' stamp='yesterday'/>",
  "<body>odd 7</body><encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='x'/></encrypted>",
  "<body>odd 8</body><file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'><name>../../x.html</name><size>-1</size><width>1e99</width><height>NaN</height></file></file-sharing>",
  "<body>odd 9</body><retract xmlns='urn:xmpp:message-retract:1' id='body 1'/>",
  "<body>odd 10</body><reference xmlns='urn:xmpp:reference:0' type='mention' begin='-1' end='99999' uri='javascript:alert(1)'/>",
];

walk("what others make up stays text, and the page stays whole", async (walk) => {
  const direct = await freePort();
  const home = await walk.home(["mia", "tom"], { "Listen:ClientTls": direct });
  const mia = await new Client(await walk.device("phone"), home.site).signIn("mia");
  await mia.open("Family");
  // Pictures that others name are not to be had, which the console may say.
  mia.device.allow(/net::ERR_|Failed to load resource/);

  const tom = await Stranger.open(direct, "tom");
  const nick = escape(image);
  tom.write(`<presence to='${ROOM}/${nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  await tom.fence();
  for (const [at, body] of bodies.entries()) tom.write(message(`body ${at}`, `<body>${escape(body)}</body>`));
  for (const [at, url] of oobs.entries())
    tom.write(
      message(`oob ${at}`, `<body>${escape(url)}</body><x xmlns='jabber:x:oob'><url>${escape(url)}</url></x>`),
    );
  for (const [at, inside] of odd.entries()) tom.write(message(`odd ${at}`, inside));
  tom.write(message("subject", `<subject>${escape(image)}</subject>`));
  tom.write(
    `<iq type='set' id='card'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='http://jabber.org/protocol/nick'><item><nick xmlns='http://jabber.org/protocol/nick'>${nick}</nick></item></publish></pubsub></iq>`,
  );
  await tom.fence();
  tom.write(message("last", "<body>that was all</body>"));
  await mia.sees("that was all");

  await unharmed(mia);
  await mia.send("still here");
  await mia.left("still here");
  await mia.page.reload();
  await mia.sees("that was all");
  await unharmed(mia);
  tom.close();
});
