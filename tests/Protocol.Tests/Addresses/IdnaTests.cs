using Shouldly;
using Xmpp.Addresses;
using Xunit;

namespace Protocol.Tests.Addresses;

public sealed class IdnaTests
{
    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("Example.COM.", "example.com")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("faß.example", "xn--fa-hia.example")] // IDNA2003 wrote ss
    [InlineData("βόλος.example", "xn--nxasmm1c.example")] // and lost the final sigma
    [InlineData("ΒΌΛΟΣ.EXAMPLE", "xn--nxasmm1c.example")]
    [InlineData("中文.example", "xn--fiq228c.example")]
    [InlineData("ශ්\u200Dරී.com", "xn--10cl1a0b660p.com")]
    [InlineData("نامه\u200Cای.com", "xn--mgba3gch31f060k.com")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("a--b.ab--c.example", "a--b.ab--c.example")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    public void A_name_goes_to_ascii_and_back(string domain, string expected)
    {
        Idna.TryToAscii(domain, out var ascii).ShouldBeTrue();
        ascii.ShouldBe(expected);
        Idna.TryToUnicode(ascii, out var unicode).ShouldBeTrue();
        Idna.TryToUnicode(domain, out var mapped).ShouldBeTrue();
        unicode.ShouldBe(mapped);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("é..b")]
    [InlineData("a_b.example")]
    [InlineData("☃.example")] // a symbol, which IDNA2003 took
    [InlineData("-é.example")]
    [InlineData("é-.example")]
    [InlineData("ab--é.example")]
    [InlineData("\u0301a.example")] // starts with a mark
    [InlineData("a·b.example")]
    [InlineData("xn--.example")]
    [InlineData("xn---.example")]
    [InlineData("xn--a.example")]
    [InlineData("xn--a-.example")] // stands for plain ASCII
    [InlineData("xn--bücher.example")]
    [InlineData("xn--bcher-kv!.example")]
    [InlineData("xn--n3h.example")] // the snowman again
    [InlineData("xn--99999999.example")]
    public void A_name_that_is_not_valid_is_refused(string domain)
    {
        Idna.TryToUnicode(domain, out _).ShouldBeFalse();
        Idna.TryToAscii(domain, out _).ShouldBeFalse();
    }

    [Fact]
    public void An_a_label_of_what_is_not_normal_is_refused()
    {
        // Capitals, full width and decomposed letters can be typed, and never be encoded.
        foreach (var label in new[] { "bÜcher", "ｅxample", "bu\u0308cher", "é\uFF0Ea" })
        {
            Punycode.TryEncode(label, out var encoded).ShouldBeTrue();
            Idna.TryToUnicode($"xn--{encoded}.example", out _).ShouldBeFalse(label);
        }
    }

    [Theory]
    [InlineData("אב.com", true)]
    [InlineData("אב.a1.com", true)]
    [InlineData("אב.1a.com", false)] // one label from right to left binds the others
    [InlineData("xn--4dbc.1a.com", false)]
    [InlineData("a1.1a.com", true)]
    [InlineData("1אב.com", false)]
    [InlineData("אa.com", false)]
    public void Labels_are_read_in_one_direction(string domain, bool allowed) =>
        Idna.TryToUnicode(domain, out _).ShouldBe(allowed);

    [Fact]
    public void The_length_of_a_label_is_that_of_its_ascii_form()
    {
        var label = new string('a', 56) + "é";
        while (!Fits(label))
            label = label[1..];
        Idna.TryToAscii(label, out var ascii).ShouldBeTrue();
        ascii.Length.ShouldBe(63);
        Idna.TryToUnicode("a" + label, out _).ShouldBeFalse();
        Idna.TryToUnicode(new string('é', 200), out _).ShouldBeFalse();

        static bool Fits(string label) => Idna.TryToUnicode(label, out _);
    }
}
