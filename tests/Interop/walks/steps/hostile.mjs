// The hostile room: names, subjects, links and files made to break the page (security.md, "Web").
import assert from "node:assert/strict";
import { Client } from "../client.mjs";
import { DOMAIN, freePort } from "../home.mjs";
import { Stranger } from "../stranger.mjs";
import { walk } from "../walks.mjs";

const ROOM = `family@groups.${DOMAIN}`;
const escape = (text) =>
  text.replace(/[&<>'"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&apos;", '"': "&quot;" })[sign]);

const image = "<img src=x onerror=\"document.title='hacked'\">";
const bodies = [
  image,
  "<script>document.title='hacked'</script>",
  "</textarea></script><svg onload=document.title='hacked'>",
  "javascript:document.title='hacked'",
  "https://example.org/\"onmouseover=\"document.title='hacked'",
  "data:text/html,<script>document.title='hacked'</script>",
  "[click](javascript:alert(1)) <javascript:alert(1)> xmpp:x?;<b>",
  "{{constructor.constructor('document.title=1')()}} ${document.title}",
  "\u202Egnp.exe\u202C \u2066\u2067\u2068 \u200B\u200D\uFEFF",
  "Z" + "\u0310\u0351\u036B".repeat(300),
  "W".repeat(4000),
  `${"> ".repeat(400)}deep`,
  `${"*_~`".repeat(500)}styled`,
  "```\n".repeat(300),
  "👨‍👩‍👧‍👦".repeat(400),
  "@".repeat(2000),
  "https://" + "a.".repeat(900) + "example",
  "geo:1,2 tel:+1 mailto:x@y file:///etc/passwd vbscript:x blob:x",
];
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
  await mia.reached("still here", "Sent");
  await mia.page.reload();
  await mia.sees("that was all");
  await unharmed(mia);
  tom.close();
});

async function unharmed(person) {
  const found = await person.page.evaluate(() => ({
    title: document.title,
    links: [...document.querySelectorAll("a[href]")]
      .map((link) => link.protocol)
      .filter((protocol) => !["https:", "http:", "mailto:", "tel:", "geo:", "xmpp:"].includes(protocol)),
    made: document.querySelectorAll("img[src='x'], iframe, object, embed, [onerror], [onload]").length,
    scripts: [...document.scripts].filter((script) => !script.src.startsWith(`${location.origin}/assets/`)).length,
    wide: document.documentElement.scrollWidth - innerWidth,
  }));
  assert.ok(!found.title.includes("hacked"), found.title);
  assert.deepEqual(found.links, []);
  assert.deepEqual([found.made, found.scripts], [0, 0]);
  assert.ok(found.wide <= 0, `the page is ${found.wide} px too wide`);
}
