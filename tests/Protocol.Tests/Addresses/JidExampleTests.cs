using Shouldly;
using Xmpp.Addresses;
using Xunit;

namespace Protocol.Tests.Addresses;

/// <summary>RFC 7622 §3.5, tables 1 and 2, and what else people type.</summary>
public sealed class JidExampleTests
{
    [Theory]
    [InlineData("juliet@example.com", "juliet", "example.com", null)]
    [InlineData("juliet@example.com/foo", "juliet", "example.com", "foo")]
    [InlineData("juliet@example.com/foo bar", "juliet", "example.com", "foo bar")]
    [InlineData("juliet@example.com/foo@bar", "juliet", "example.com", "foo@bar")]
    [InlineData(@"foo\20bar@example.com", @"foo\20bar", "example.com", null)]
    [InlineData("fussball@example.com", "fussball", "example.com", null)]
    [InlineData("fußball@example.com", "fußball", "example.com", null)]
    [InlineData("π@example.com", "π", "example.com", null)]
    [InlineData("Σ@example.com/foo", "σ", "example.com", "foo")]
    [InlineData("σ@example.com/foo", "σ", "example.com", "foo")]
    [InlineData("ς@example.com/foo", "ς", "example.com", "foo")]
    [InlineData("king@example.com/♚", "king", "example.com", "♚")]
    [InlineData("example.com", null, "example.com", null)]
    [InlineData("example.com/foobar", null, "example.com", "foobar")]
    [InlineData("a.example.com/b@example.net", null, "a.example.com", "b@example.net")]
    // Table 2 calls this one wrong; erratum 4560 says that it is not.
    [InlineData("juliet@example.com/ foo", "juliet", "example.com", " foo")]
    public void The_examples_of_the_rfc_are_addresses(string text, string? local, string domain, string? resource)
    {
        var jid = Jid.Parse(text);
        (jid.Local, jid.Domain, jid.Resource).ShouldBe((local, domain, resource));
    }

    [Theory]
    [InlineData("\"juliet\"@example.com")]
    [InlineData("foo bar@example.com")]
    [InlineData("@example.com/")]
    [InlineData("henryⅣ@example.com")]
    [InlineData("♚@example.com")]
    [InlineData("juliet@")]
    [InlineData("/foobar")]
    public void The_counterexamples_of_the_rfc_are_none(string text) => Jid.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("&")]
    [InlineData("'")]
    [InlineData(":")]
    [InlineData("<")]
    [InlineData(">")]
    [InlineData("＆")] // full width, and plain after the mapping
    [InlineData("＠")]
    [InlineData("／")]
    public void A_delimiter_is_refused_in_the_local_part(string delimiter)
    {
        Jid.TryCreate($"a{delimiter}b", "example.com", null, out _).ShouldBeFalse();
        Jid.TryParse($"a{delimiter}b@example.com", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Zoe\u0308@example.com", "zoë@example.com")] // decomposed
    [InlineData("ｊｕｌｉｅｔ@example.com", "juliet@example.com")] // full width
    [InlineData("JOSÉ@example.com", "josé@example.com")]
    [InlineData("JOSE\u0301@EXAMPLE.com", "josé@example.com")]
    [InlineData("DIYARBAKIR@example.com", "diyarbakir@example.com")]
    [InlineData("dıyarbakır@example.com", "dıyarbakır@example.com")] // dotless i stays
    [InlineData("İzmir@example.com", "i\u0307zmir@example.com")]
    [InlineData("ΟΔΥΣΣΕΥΣ@example.com", "οδυσσευς@example.com")] // final sigma
    [InlineData("ᏣᎳᎩ@example.com", "ꮳꮃꭹ@example.com")] // Cherokee lowers away from its folding
    [InlineData("STRAẞE@example.com", "straße@example.com")]
    [InlineData("한국@example.com", "한국@example.com")]
    [InlineData("juliet@example.com/Zoe\u0308", "juliet@example.com/Zoë")]
    [InlineData("juliet@example.com/a\u00A0b", "juliet@example.com/a b")]
    [InlineData("juliet@example.com/ｆｕｌｌ", "juliet@example.com/ｆｕｌｌ")] // no width mapping in resources
    public void What_people_type_is_normalised(string text, string normal) =>
        Jid.Parse(text).ToString().ShouldBe(normal);

    [Theory]
    [InlineData("bu\u0308cher@example.com")]
    [InlineData("bücher@example.com")]
    [InlineData("BÜCHER@example.com")]
    public void Two_ways_to_type_one_name_are_equal(string text) =>
        Jid.Parse(text).ShouldBe(Jid.Parse("bücher@example.com"));

    [Theory]
    [InlineData("Bücher.example", "bücher.example")]
    [InlineData("xn--bcher-kva.example", "bücher.example")]
    [InlineData("XN--BCHER-KVA.example", "bücher.example")]
    [InlineData("juliet@bu\u0308cher.example./a", "juliet@bücher.example/a")]
    [InlineData("ＥＸＡＭＰＬＥ．ＣＯＭ", "example.com")]
    [InlineData("例え。テスト", "例え.テスト")]
    public void A_domain_is_given_in_u_labels(string text, string normal) =>
        Jid.Parse(text).ToString().ShouldBe(normal);

    [Theory]
    [InlineData("a@example.com/\u0001")]
    [InlineData("a@example.com/\u200B")] // ignorable
    [InlineData("a@example.com/\uFFFE")] // no character
    [InlineData("a@example.com/\uE000")] // private use
    [InlineData("a@example.com/\u0378")] // unassigned
    [InlineData("a\u00ADb@example.com")] // soft hyphen
    [InlineData("a\u200Db@example.com")] // joiner out of place
    public void What_cannot_be_compared_is_refused(string text) => Jid.TryParse(text, out _).ShouldBeFalse();

    // No theory: attributes are kept in UTF-8, which has no half pairs.
    [Fact]
    public void Half_of_a_surrogate_pair_is_refused()
    {
        Jid.TryParse("a\uD800@example.com", out _).ShouldBeFalse();
        Jid.TryParse("a@exa\uD800mple.com", out _).ShouldBeFalse();
        Jid.TryParse("a@example.com/\uDC00", out _).ShouldBeFalse();
        Jid.TryParse("a@example.com/\uDC00\uD800", out _).ShouldBeFalse();
    }

    [Fact]
    public void The_length_is_counted_in_bytes_after_normalising()
    {
        Jid.TryParse(new string('é', 511) + "@example.com", out _).ShouldBeTrue();
        Jid.TryParse(new string('é', 512) + "@example.com", out _).ShouldBeFalse();
        // Full-width letters are three bytes before and one after.
        Jid.TryParse(new string('ａ', 1023) + "@example.com", out _).ShouldBeTrue();
        Jid.TryParse(new string('ａ', 1024) + "@example.com", out _).ShouldBeFalse();
        Jid.TryParse("example.com/" + new string('♚', 341), out _).ShouldBeTrue();
        Jid.TryParse("example.com/" + new string('♚', 342), out _).ShouldBeFalse();
    }

    [Fact]
    public void Bytes_beyond_ascii_are_read_and_written_in_utf_8()
    {
        Jid.TryParse("ZOE\u0308@Bücher.example/♚"u8, out var jid).ShouldBeTrue();
        jid.ToString().ShouldBe("zoë@bücher.example/♚");
        jid.Utf8.ToArray().ShouldBe("zoë@bücher.example/♚"u8.ToArray());
        jid.AttributeUtf8.ToArray().ShouldBe("zoë@bücher.example/♚"u8.ToArray());
    }
}
