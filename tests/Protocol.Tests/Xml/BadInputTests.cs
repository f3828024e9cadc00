using System.Text;
using Shouldly;
using Xmpp.Xml;
using Xunit;
using static Xmpp.Xml.StreamErrorCondition;

namespace Protocol.Tests.Xml;

/// <summary>protocol.md, "Bad input"; conditions by RFC 6120 §4.9.3 and §11.1.</summary>
public class BadInputTests
{
    private static readonly XmlContext _context = XmlContext.Of(
        XmlParser.ParseOpen(XmlCorpus.Utf8(XmlCorpus.Header), new()).Root
    );

    [Theory]
    // Prohibited by RFC 6120 §11.1.
    [InlineData("<a><!-- c --></a>", RestrictedXml)]
    [InlineData("<!-- c --><a/>", RestrictedXml)]
    [InlineData("<a><?php x?></a>", RestrictedXml)]
    [InlineData("<?php x?><a/>", RestrictedXml)]
    [InlineData("<?xml version='1.0'?><a/>", RestrictedXml)]
    [InlineData("<a><?xml version='1.0'?></a>", RestrictedXml)]
    [InlineData("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", RestrictedXml)]
    [InlineData("<a><!DOCTYPE a></a>", RestrictedXml)]
    [InlineData("<a>&nbsp;</a>", RestrictedXml)]
    [InlineData("<a>&lol9;</a>", RestrictedXml)]
    [InlineData("<a b='&nbsp;'/>", RestrictedXml)]
    [InlineData("<a>&AMP;</a>", RestrictedXml)]
    // References.
    [InlineData("<a>&</a>", NotWellFormed)]
    [InlineData("<a>& b;</a>", NotWellFormed)]
    [InlineData("<a>&;</a>", NotWellFormed)]
    [InlineData("<a>&#;</a>", NotWellFormed)]
    [InlineData("<a>&#x;</a>", NotWellFormed)]
    [InlineData("<a>&#X41;</a>", NotWellFormed)]
    [InlineData("<a>&#4x1;</a>", NotWellFormed)]
    [InlineData("<a>&#0;</a>", NotWellFormed)]
    [InlineData("<a>&#x1F;</a>", NotWellFormed)]
    [InlineData("<a>&#xD800;</a>", NotWellFormed)]
    [InlineData("<a>&#xFFFE;</a>", NotWellFormed)]
    [InlineData("<a>&#x110000;</a>", NotWellFormed)]
    [InlineData("<a>&#4294967337;</a>", NotWellFormed)]
    [InlineData("<a b='&#x0;'/>", NotWellFormed)]
    [InlineData("<a>&lt</a>", NotWellFormed)]
    // Text.
    [InlineData("<a>]]></a>", NotWellFormed)]
    [InlineData("<a>b</a>c", NotWellFormed)]
    [InlineData("b<a/>", NotWellFormed)]
    [InlineData(" <a/>", NotWellFormed)]
    [InlineData("<a>\u0001</a>", NotWellFormed)]
    [InlineData("<a>\0</a>", NotWellFormed)]
    [InlineData("<a>\uFFFE</a>", NotWellFormed)]
    [InlineData("<a>\uFFFF</a>", NotWellFormed)]
    [InlineData("<a b='\u000B'/>", NotWellFormed)]
    [InlineData("<![CDATA[a]]>", RestrictedXml)]
    [InlineData("<a><![CDATA[a]]</a>", NotWellFormed)]
    [InlineData("<a><![cdata[a]]></a>", RestrictedXml)]
    // Tags.
    [InlineData("", NotWellFormed)]
    [InlineData("<", NotWellFormed)]
    [InlineData("<a", NotWellFormed)]
    [InlineData("<a ", NotWellFormed)]
    [InlineData("<a>", NotWellFormed)]
    [InlineData("<a><b>", NotWellFormed)]
    [InlineData("<a>b", NotWellFormed)]
    [InlineData("<a></", NotWellFormed)]
    [InlineData("<a></a", NotWellFormed)]
    [InlineData("<a/", NotWellFormed)]
    [InlineData("</a>", NotWellFormed)]
    [InlineData("<a></b>", NotWellFormed)]
    [InlineData("<a></ab>", NotWellFormed)]
    [InlineData("<ab></a>", NotWellFormed)]
    [InlineData("<a></ a>", NotWellFormed)]
    [InlineData("<a></a b='c'>", NotWellFormed)]
    [InlineData("<a><b></a></b>", NotWellFormed)]
    [InlineData("<a/><b/>", NotWellFormed)]
    [InlineData("<a></a></a>", NotWellFormed)]
    [InlineData("< a/>", NotWellFormed)]
    [InlineData("<a / >", NotWellFormed)]
    [InlineData("<1a/>", NotWellFormed)]
    [InlineData("<-a/>", NotWellFormed)]
    [InlineData("<a\u00D7/>", NotWellFormed)]
    [InlineData("<a:/>", NotWellFormed)]
    [InlineData("<:a/>", NotWellFormed)]
    [InlineData("<stream:a:b/>", NotWellFormed)]
    [InlineData("<stream:1/>", NotWellFormed)]
    [InlineData("<a<b/>", NotWellFormed)]
    // Attributes.
    [InlineData("<a b/>", NotWellFormed)]
    [InlineData("<a b=/>", NotWellFormed)]
    [InlineData("<a b=c/>", NotWellFormed)]
    [InlineData("<a b='c/>", NotWellFormed)]
    [InlineData("<a b='c\"/>", NotWellFormed)]
    [InlineData("<a b='c'd='e'/>", NotWellFormed)]
    [InlineData("<a b='<'/>", NotWellFormed)]
    [InlineData("<a b='1' b='2'/>", NotWellFormed)]
    [InlineData("<a b='1' c='' b='1'/>", NotWellFormed)]
    [InlineData("<a x:b='1' y:b='2' xmlns:x='urn:x' xmlns:y='urn:x'/>", NotWellFormed)]
    [InlineData("<a x:b='1' y:b='2' xmlns:x='urn:x' xmlns:y='urn:&#120;'/>", NotWellFormed)]
    [InlineData("<a xmlns='b' xmlns='c'/>", NotWellFormed)]
    [InlineData("<a xmlns:b='b' xmlns:b='c'/>", NotWellFormed)]
    // Namespaces in XML 1.0 §3, §4, §5.
    [InlineData("<x:a/>", BadNamespacePrefix)]
    [InlineData("<a x:b=''/>", BadNamespacePrefix)]
    [InlineData("<a><b xmlns:x='urn:x'/><x:c/></a>", BadNamespacePrefix)]
    [InlineData("<a xmlns:x=''/>", BadNamespacePrefix)]
    [InlineData("<a xmlns:xmlns='urn:x'/>", BadNamespacePrefix)]
    [InlineData("<a xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>", BadNamespacePrefix)]
    [InlineData("<a xmlns:x='http://www.w3.org/2000/xmlns/'/>", BadNamespacePrefix)]
    [InlineData("<a xmlns='http://www.w3.org/2000/xmlns/'/>", BadNamespacePrefix)]
    [InlineData("<a xmlns:xml='urn:x'/>", BadNamespacePrefix)]
    [InlineData("<a xmlns:x='http://www.w3.org/XML/1998/namespace'/>", BadNamespacePrefix)]
    [InlineData("<a xmlns='http://www.w3.org/XML/1998/namespace'/>", BadNamespacePrefix)]
    [InlineData("<xmlns:a/>", BadNamespacePrefix)]
    public void A_unit_is_refused(string xml, StreamErrorCondition condition)
    {
        Should
            .Throw<StreamErrorException>(() => XmlParser.Parse(XmlCorpus.Utf8(xml), _context, new()))
            .Condition.ShouldBe(condition);
        byte[] stream = XmlCorpus.Utf8(XmlCorpus.Header + xml + "</stream:stream>");
        XmlFeed.Read(stream, _ => 1).ShouldBe(XmlFeed.Read(stream, left => left));
    }

    [Theory]
    [InlineData("", "\u00C3\u0028")]
    [InlineData("", "\u00C0\u00BC")]
    [InlineData("", "\u00ED\u00A0\u0080")]
    [InlineData("", "\u00F4\u0090\u0080\u0080")]
    [InlineData("", "\u00E2\u0082")]
    [InlineData("b='", "\u00FF")]
    public void Bytes_that_are_not_utf_8_are_an_unsupported_encoding(string before, string latin1)
    {
        byte[] bad = Encoding.Latin1.GetBytes(before == "" ? $"<a>{latin1}</a>" : $"<a {before}{latin1}'/>");
        Should
            .Throw<StreamErrorException>(() => XmlParser.Parse(bad, _context, new()))
            .Condition.ShouldBe(UnsupportedEncoding);
    }

    [Theory]
    [InlineData("<?xml version='1.0' encoding='ISO-8859-1'?><s>", UnsupportedEncoding)]
    [InlineData("<?xml version='1.0' encoding='UTF-16'?><s>", UnsupportedEncoding)]
    [InlineData("<?xml version='1.1'?><s>", NotWellFormed)]
    [InlineData("<?xml version='1.0?><s>", NotWellFormed)]
    [InlineData("<?xml?><s>", NotWellFormed)]
    [InlineData("<?xml ?><s>", NotWellFormed)]
    [InlineData("<?xml encoding='UTF-8'?><s>", NotWellFormed)]
    [InlineData("<?xml version='1.0'encoding='UTF-8'?><s>", NotWellFormed)]
    [InlineData("<?xml version='1.0' standalone='maybe'?><s>", NotWellFormed)]
    [InlineData("<?xml version='1.0' standalone='yes' encoding='UTF-8'?><s>", NotWellFormed)]
    [InlineData("<?xml version='1.0'><s>", NotWellFormed)]
    [InlineData("<?xml version>", NotWellFormed)]
    [InlineData("<?xml version=>", NotWellFormed)]
    [InlineData("<?xml version='1.0'?><?xml version='1.0'?><s>", RestrictedXml)]
    [InlineData("<?xml-stylesheet href='x'?><s>", RestrictedXml)]
    [InlineData("<?php?><s>", RestrictedXml)]
    [InlineData("<!DOCTYPE s><s>", RestrictedXml)]
    [InlineData("<!-- --><s>", RestrictedXml)]
    [InlineData("hello<s>", NotWellFormed)]
    [InlineData("GET / HTTP/1.1\r\n", NotWellFormed)]
    [InlineData("\uFEFF<s>", NotWellFormed)]
    [InlineData("</s>", NotWellFormed)]
    [InlineData("<s/>", BadFormat)]
    [InlineData("<x:s>", BadNamespacePrefix)]
    [InlineData("<s>text", BadFormat)]
    [InlineData("<s>&amp;", BadFormat)]
    [InlineData("<s></s>text", NotWellFormed)]
    [InlineData("<s></s><s>", NotWellFormed)]
    [InlineData("<s><![CDATA[x]]>", RestrictedXml)]
    [InlineData("<s><!DOCTYPE a>", RestrictedXml)]
    [InlineData("<s><=", NotWellFormed)]
    public void A_stream_is_refused_however_it_is_cut(string stream, StreamErrorCondition condition)
    {
        XmlFeed.Read(stream).ShouldEndWith(condition.ToString());
        XmlFeed.Read(XmlCorpus.Utf8(stream), _ => 1).ShouldBe(XmlFeed.Read(stream));
    }

    [Fact]
    public void Another_encodings_first_bytes_are_an_unsupported_encoding()
    {
        foreach (Encoding other in (Encoding[])[Encoding.Unicode, Encoding.BigEndianUnicode])
            XmlFeed
                .Read([.. other.GetPreamble(), .. other.GetBytes("<s>")], left => left)
                .ShouldBe(UnsupportedEncoding.ToString());
    }

    [Fact]
    public void A_declaration_without_end_is_refused_early() =>
        XmlFeed.Read("<?xml " + new string(' ', 200)).ShouldEndWith(NotWellFormed.ToString());

    [Theory]
    [InlineData("<?xml version='1.0'?>")]
    [InlineData("<?xml version = \"1.0\" encoding = \"utf-8\" standalone='no' ?>\r\n")]
    [InlineData("\n<?xml version='1.0' encoding='UTF-8'?>")]
    public void A_good_declaration_is_dropped(string declaration) =>
        XmlFeed.Read(declaration + XmlCorpus.Header).ShouldStartWith("Open {http://etherx.jabber.org/streams}stream[");

    [Fact]
    public void A_header_is_one_start_tag_and_nothing_else()
    {
        foreach (string bad in (string[])["<a><b>", "<a/>", "<a></a>", "a", "<a>b", "", "</a>", "<a> "])
            Should
                .Throw<StreamErrorException>(() => XmlParser.ParseOpen(XmlCorpus.Utf8(bad), new()))
                .Condition.ShouldBe(NotWellFormed, bad);
    }
}
