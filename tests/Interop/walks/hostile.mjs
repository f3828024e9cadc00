// What the hostile room says (security.md, "Web"), and the proof that the page took no harm.
import assert from "node:assert/strict";

export const escape = (text) =>
  text.replace(/[&<>'"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&apos;", '"': "&quot;" })[sign]);

export const image = "<img src=x onerror=\"document.title='hacked'\">";

export const bodies = [
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

/** Nothing of it has become a part of the page. */
export async function unharmed(person) {
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
