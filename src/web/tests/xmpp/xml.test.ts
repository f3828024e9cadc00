import { describe, expect, it } from "vitest";
import { clone, parse, x } from "../../xmpp/xml.ts";

describe("parse", () => {
  it("reads elements, attributes, text and namespaces", () => {
    const stanza = parse(
      `<?xml version='1.0'?>\n<message xmlns='jabber:client' to="a@b" xml:lang='de'>` +
        `<body>a &lt;b&gt; &amp;amp; &#x1F600;&#65;</body><s:x xmlns:s = 'urn:s' a=' "q" '/><e></e></message>\n`,
    );
    expect(stanza.is("message", "jabber:client")).toBe(true);
    expect(stanza.attrs["xml:lang"]).toBe("de");
    expect(stanza.getChildText("body")).toBe("a <b> &amp; 😀A");
    expect(stanza.getChild("x", "urn:s")?.attrs["a"]).toBe(' "q" ');
    expect(stanza.getChild("e")?.parent).toBe(stanza);
    expect(parse("<a><![CDATA[<b>&amp;]]></a>").getText()).toBe("<b>&amp;");
    expect(parse("<a b='1\n2'>x\r\ny\rz</a>").toString()).toBe('<a b="1 2">x\ny\nz</a>');
  });

  it("writes what it reads, whatever a person types", () => {
    const text = `]]> <script>"'&amp; &#0; \u00e4\ud83d\ude00 </body>`;
    const element = x("m", { a: text, b: undefined, n: 5 }, x("body", {}, text), "", undefined);
    const again = parse(element.toString());
    expect(again.attrs).toEqual({ a: text, n: "5" });
    expect(again.getChildText("body")).toBe(text);
  });

  it.each([
    ["a declaration", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"],
    ["an entity of one's own", "<a>&b;</a>"],
    ["an entity that an object has", "<a>&constructor;</a>"],
    ["a bare ampersand", "<a>a & b</a>"],
    ["an ampersand at the end", "<a b='&amp'/>"],
    ["a character that XML does not have", "<a>&#0;</a>"],
    ["half a character", "<a>&#xD800;</a>"],
    ["a character beyond all", "<a>&#x110000;</a>"],
    ["a raw control character", "<a>\u0007</a>"],
    ["a comment", "<a><!-- b --></a>"],
    ["an instruction", "<a><?b c?></a>"],
    ["crossed tags", "<a><b></a></b>"],
    ["an open tag", "<a><b></b>"],
    ["a tag that closes nothing", "</a>"],
    ["an end tag with attributes", "<a></a b='c'>"],
    ["two elements", "<a/><b/>"],
    ["text around", "a<b/>"],
    ["nothing", ""],
    ["an attribute twice", "<a b='1' b='2'/>"],
    ["an attribute without quotes", "<a b=c/>"],
    ["attributes without space", "<a b='1'c='2'/>"],
    ["a tag in an attribute", "<a b='<c/>'/>"],
    ["half a tag", "<a b='c"],
    ["depth", "<a>".repeat(5000) + "</a>".repeat(5000)],
  ])("refuses %s", (_, xml) => {
    expect(() => parse(xml)).toThrow(SyntaxError);
  });

  it("is done soon with long nonsense", () => {
    const begun = performance.now();
    for (const part of ["<a ", "<a b='", " b='c'", "&", "]]>", "<![CDATA[", "<"])
      expect(() => parse(`<a${part.repeat(100_000)}`)).toThrow(SyntaxError);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it("keeps prototypes out of attributes", () => {
    const { attrs } = parse("<a __proto__='b' constructor='c'/>");
    expect(Object.getPrototypeOf(attrs)).toBe(Object.prototype);
    expect(attrs["constructor"]).toBe("c");
  });
});

describe("clone", () => {
  it("stands alone, with the namespace that was around it", () => {
    const outer = parse("<body xmlns='u:b' xmlns:s='u:s'><s:a><c/></s:a><d e='f'>g</d></body>");
    const [first, second] = outer.getChildElements();
    expect(clone(first!).toString()).toBe('<s:a xmlns:s="u:s"><c/></s:a>');
    const copy = clone(second!);
    expect(copy.toString()).toBe('<d e="f" xmlns="u:b">g</d>');
    copy.attrs["e"] = "h";
    expect(second!.attrs["e"]).toBe("f");
  });
});
