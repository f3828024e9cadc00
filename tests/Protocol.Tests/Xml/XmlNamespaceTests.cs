using System.Text;
using Shouldly;
using Xmpp.Stanzas;
using Xmpp.Xml;
using Xunit;

namespace Protocol.Tests.Xml;

/// <summary>Children are self-contained (laws, "Bytes and lifetimes", 7).</summary>
public class XmlNamespaceTests
{
    private static readonly XmlContext _context = XmlContext.Of(
        XmlParser
            .ParseOpen(
                XmlCorpus.Utf8(
                    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:h='urn:header'>"
                ),
                new()
            )
            .Root
    );

    private static Element Parse(string xml) => XmlParser.Parse(XmlCorpus.Utf8(xml), _context, new()).Root;

    private static string Payload(string xml) => Encoding.UTF8.GetString(Parse(xml).Content.Span);

    [Theory]
    [InlineData("<message><body>b</body></message>")]
    [InlineData("<message><x xmlns='urn:x' a:b='' xmlns:a='urn:a'><a:y/></x></message>")]
    [InlineData("<message><x xmlns=''><y/></x></message>")]
    [InlineData("<message><a:x xmlns:a='urn:a'/> text &amp; <![CDATA[more]]></message>")]
    [InlineData("<message><body xml:lang='de'>b</body></message>")]
    public void Children_that_lean_on_nothing_stay_as_they_are(string xml) => Parse(xml).ToString().ShouldBe(xml);

    [Theory]
    // From the stanza's tag, from the header, for an attribute, for a grandchild, each once a child.
    [InlineData("<message xmlns:a='urn:a'><a:x/></message>", "<a:x xmlns:a='urn:a'/>")]
    [InlineData("<message><h:x>t</h:x></message>", "<h:x xmlns:h='urn:header'>t</h:x>")]
    [InlineData("<message><x h:b='1' h:c='2'/></message>", "<x xmlns:h='urn:header' h:b='1' h:c='2'/>")]
    [InlineData("<message><x><y><h:z/><h:z/></y></x></message>", "<x xmlns:h='urn:header'><y><h:z/><h:z/></y></x>")]
    [InlineData(
        "<message xmlns:a='urn:a'><a:x/>t<a:y h:b=''/></message>",
        "<a:x xmlns:a='urn:a'/>t<a:y xmlns:h='urn:header' xmlns:a='urn:a' h:b=''/>"
    )]
    // Declared inside of one child is not declared inside of the next.
    [InlineData(
        "<message><x><h:y xmlns:h='urn:in'/><h:z/></x></message>",
        "<x xmlns:h='urn:header'><h:y xmlns:h='urn:in'/><h:z/></x>"
    )]
    // The namespace is written as it must be between quotes.
    [InlineData("""<message xmlns:a="a'&amp;&lt;"><a:x/></message>""", "<a:x xmlns:a='a&apos;&amp;&lt;'/>")]
    // A default namespace other than the stanza's own.
    [InlineData("<c:message xmlns:c='jabber:client' xmlns='urn:d'><x/></c:message>", "<x xmlns='urn:d'/>")]
    [InlineData("<c:message xmlns:c='jabber:client' xmlns=''><x/></c:message>", "<x xmlns=''/>")]
    [InlineData(
        "<c:message xmlns:c='jabber:client' xmlns='urn:d'><c:body><x/></c:body></c:message>",
        "<c:body xmlns:c='jabber:client' xmlns='urn:d'><x/></c:body>"
    )]
    public void What_children_borrow_is_written_into_them(string xml, string payload) => Payload(xml).ShouldBe(payload);

    [Fact]
    public void A_child_without_namespace_does_not_become_one_of_the_stanzas_own()
    {
        byte[] xml = XmlCorpus.Utf8("<c:message xmlns:c='jabber:client'><body>not a body</body></c:message>");
        Element root = XmlParser.Parse(xml, XmlContext.Empty, new()).Root;
        root.Has("body", Ns.Client).ShouldBeFalse();
        Stanza.TryRead(root, out Stanza? stanza, out _).ShouldBeTrue();
        XmlFragment.Parse(stanza.ToArray()).Root.Has("body", Ns.Client).ShouldBeFalse();
    }

    [Fact]
    public void Every_stanza_means_the_same_once_it_is_written_anew()
    {
        foreach (string xml in XmlCorpus.Elements)
        {
            Element before = Parse(xml);
            if (!Stanza.TryRead(before, out Stanza? stanza, out _))
                continue;
            Element after = XmlFragment.Parse(stanza.ToArray()).Root;
            after.Children.All().Select(Canonical.Of).ShouldBe(before.Children.All().Select(Canonical.Of), xml);
            after.Attribute("id").ShouldBe(before.Attribute("id"));
        }
    }

    [Fact]
    public void Limits_do_not_count_what_was_written_in()
    {
        string attributes = string.Concat(Enumerable.Range(0, 32).Select(i => $" xmlns:a{i}='urn:{i}'"));
        string used = string.Concat(Enumerable.Range(0, 32).Select(i => $" a{i}:x='' y{i}=''"));
        Parse($"<message{attributes}><x{used}/></message>").FirstChild.Attributes.Count().ShouldBe(96);
    }

    [Fact]
    public void Prefixes_are_seen_where_they_are_in_scope()
    {
        Element root = Parse("<a:a xmlns:a='1'><a:b xmlns:a='2' a:c='x'><a:d/></a:b><a:e a:c='y'/><f/></a:a>");
        root.Is("a", "1").ShouldBeTrue();
        root.FirstChild.Is("b", "2").ShouldBeTrue();
        root.FirstChild.FirstChild.Is("d", "2").ShouldBeTrue();
        root.FirstChild.Attribute("c").ShouldBeNull();
        root.FirstChild.Attribute("c", "2").ShouldBe("x");
        root.Child("e", "1").Attribute("c", "1").ShouldBe("y");
        root.Child("f", Ns.Client).Exists.ShouldBeTrue();
        Parse("<é:ü xmlns:é='urn:é'/>").Is("ü", "urn:é").ShouldBeTrue();
        Parse("<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='de'/>").Language.ShouldBe("de");
    }

    [Fact]
    public void Two_attributes_of_one_name_may_have_two_namespaces()
    {
        Element root = Parse("<a b='0' x:b='1' y:b='2' xmlns:x='urn:x' xmlns:y='urn:y'/>");
        (root.Attribute("b"), root.Attribute("b", "urn:x"), root.Attribute("b", "urn:y")).ShouldBe(("0", "1", "2"));
    }

    [Fact]
    public void Children_that_go_elsewhere_take_the_default_namespace_along()
    {
        Element apart = XmlFragment
            .ParseApart(
                XmlCorpus.Utf8("<p:a xmlns:p='urn:p' xmlns='urn:d'><b p:x='1'><c/></b><d xmlns='urn:e'/><p:f/></p:a>")
            )
            .Root;
        apart
            .Content.ToArray()
            .ShouldBe(
                XmlCorpus.Utf8(
                    "<b xmlns:p='urn:p' xmlns='urn:d' p:x='1'><c/></b><d xmlns='urn:e'/><p:f xmlns:p='urn:p'/>"
                )
            );
    }
}
