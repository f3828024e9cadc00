using System.Buffers;
using System.Text;
using Shouldly;
using Xmpp.Xml;
using Xunit;

namespace Protocol.Tests.Xml;

public class XmlTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("&lt;&gt;&amp;&quot;&apos;", "<>&\"'")]
    [InlineData("&#65;&#x42;&#x0043;&#000000000068;", "ABCD")]
    [InlineData("&#x1F600;😀", "😀😀")]
    [InlineData("&amp;amp;", "&amp;")]
    [InlineData("a<b>not this</b>c", "ac")]
    [InlineData("a<b/>&lt;<b/><![CDATA[&lt;]]>d", "a<&lt;d")]
    [InlineData("<![CDATA[]]>", "")]
    [InlineData("<![CDATA[]]]]><![CDATA[>]]>", "]]>")]
    [InlineData("<![CDATA[<b>]]]><b/><b><![CDATA[</b>]]></b>", "<b>]")]
    [InlineData("a\rb\r\nc\n\rd", "a\nb\nc\n\nd")]
    [InlineData("<![CDATA[a\rb\r\nc]]>", "a\nb\nc")]
    [InlineData("a&#13;b\t", "a\rb\t")]
    public void Text_is_decoded(string xml, string text) => XmlFragment.Parse($"<a>{xml}</a>").Root.Text.ShouldBe(text);

    [Theory]
    [InlineData("'plain'", "plain")]
    [InlineData("'a\"b'", "a\"b")]
    [InlineData("\"a'b>\"", "a'b>")]
    [InlineData("'a\tb\nc\rd\r\ne'", "a b c d e")]
    [InlineData("'a&#9;b&#10;c&#13;d'", "a\tb\nc\rd")]
    [InlineData("' &lt; &#x20AC; '", " < € ")]
    public void Values_are_normalised(string raw, string value)
    {
        Element root = XmlFragment.Parse($"<a b={raw}/>").Root;
        root.Attribute("b").ShouldBe(value);
        if (root.TryAttributeUtf8("b", out ReadOnlySpan<byte> utf8))
            Encoding.UTF8.GetString(utf8).ShouldBe(value);
    }

    public static TheoryData<string> Hard =>
        [
            "",
            "a",
            "<a b='c'>&amp;</a>",
            "'\"",
            "]]>",
            "<![CDATA[x]]>",
            "\r\n\t \r",
            " leading and trailing ",
            "&#0;",
            "é€😀",
            new string('&', 2000),
            string.Concat(Enumerable.Repeat("😀", 3000)),
        ];

    [Theory]
    [MemberData(nameof(Hard))]
    public void What_is_built_is_read_as_it_was(string text)
    {
        byte[] built = new XmlBuilder()
            .Start("a")
            .Attribute("b", text)
            .Text(text)
            .Empty("c", "urn:c")
            .Text(text)
            .ToArray();
        Element root = XmlParser.Parse(built, XmlContext.Empty, new()).Root;
        root.Attribute("b").ShouldBe(text);
        root.Text.ShouldBe(text + text);
        new XmlBuilder()
            .Start("a")
            .Attribute("b", root.Attribute("b"))
            .Text(text)
            .Empty("c", "urn:c")
            .Text(text)
            .ToArray()
            .ShouldBe(built);
    }

    [Fact]
    public void Characters_that_xml_does_not_have_become_replacements()
    {
        const string text = "a\0b\u001Fc\uFFFEd\uFFFFe\uD800f\uFFFDg\uFF0Ch";
        const string expected = "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf\uFFFDg\uFF0Ch";
        Element root = XmlFragment.Parse(new XmlBuilder().Start("a").Attribute("b", text).Text(text).ToArray()).Root;
        root.Text.ShouldBe(expected);
        root.Attribute("b").ShouldBe(expected);
    }

    [Fact]
    public void Escaped_bytes_fit_into_text_and_both_quotes()
    {
        var output = new ArrayBufferWriter<byte>();
        XmlText.WriteEscaped(output, "a<b>&'\""u8);
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe("a&lt;b&gt;&amp;&apos;&quot;");
    }

    [Fact]
    public void A_builder_declares_namespaces_where_they_change()
    {
        var builder = new XmlBuilder();
        builder.Start("message").Start("x", "urn:x").Empty("y").Empty("z", "urn:x").Empty("body", Ns.Client).End();
        builder.Element("body", "t").Start("n", "").Attribute("i", -5).Attribute("none", (string?)null).Text(7);
        Encoding
            .UTF8.GetString(builder.ToArray())
            .ShouldBe(
                "<message><x xmlns='urn:x'><y/><z/><body xmlns='jabber:client'/></x>"
                    + "<body>t</body><n xmlns='' i='-5'>7</n></message>"
            );
        new XmlBuilder(around: "").Empty("a", Ns.Client).ToString().ShouldBe("<a xmlns='jabber:client'/>");
    }

    [Fact]
    public void Copied_elements_stand_where_they_are_put() =>
        Encoding
            .UTF8.GetString(new XmlBuilder().Start("a").Copy("<b/>"u8).Copy(default).ToArray())
            .ShouldBe("<a><b/></a>");

    [Theory]
    [InlineData("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z")]
    [InlineData("2026-01-02T03:04:05.6789Z", "2026-01-02T03:04:05.678Z")]
    [InlineData("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05.000Z")]
    [InlineData("2026-01-02T03:04:05.5-01:30", "2026-01-02T04:34:05.500Z")]
    [InlineData("2026-01-02T03:04:05", null)]
    [InlineData("2026-01-02", null)]
    [InlineData("01/02/2026 03:04", null)]
    [InlineData("2026-13-02T03:04:05Z", null)]
    [InlineData("0001-01-01T00:00:00+10:00", null)]
    [InlineData(" 2026-01-02T03:04:05Z", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Stamps_are_read_by_xep_0082(string? text, string? stamp)
    {
        XmlText.TryStamp(text, out DateTimeOffset time).ShouldBe(stamp is not null);
        if (stamp is not null)
            XmlText.Stamp(time).ShouldBe(stamp);
    }
}
