using Dns;
using Shouldly;
using Xunit;

namespace Protocol.Tests.Dns;

/// <summary>Names as people write them (RFC 1035 §5.1) and as they compare (RFC 4343).</summary>
public sealed class DomainNameTests
{
    [Theory]
    [InlineData("home.test", "home.test")]
    [InlineData("home.test.", "home.test")]
    [InlineData(".", ".")]
    [InlineData("_xmpp-server._tcp.Home.test", "_xmpp-server._tcp.Home.test")]
    [InlineData(@"a\.b.test", @"a\.b.test")]
    [InlineData(@"a\032b\255.test", @"a\032b\255.test")]
    [InlineData(@"\097.test", "a.test")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    public void A_name_is_written_as_it_was_read(string text, string written)
    {
        DomainName name = DomainName.Parse(text);
        name.ToString().ShouldBe(written);
        DomainName.Parse(name.ToString()).ShouldBe(name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(".home")]
    [InlineData("a..b")]
    [InlineData("bücher.example")]
    [InlineData(@"a\")]
    [InlineData(@"a\2")]
    [InlineData(@"a\25b")]
    [InlineData(@"a\256")]
    [InlineData(@"a\ü")]
    public void What_is_no_name_is_refused(string text)
    {
        DomainName.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => DomainName.Parse(text)).Message.ShouldContain(text);
    }

    [Fact]
    public void Labels_have_63_bytes_and_names_255()
    {
        string label = new('a', 63);
        string three = $"{label}.{label}.{label}.";
        DomainName.TryParse(label, out _).ShouldBeTrue();
        DomainName.TryParse(label + "a", out _).ShouldBeFalse();
        // 3 × 64, then 1 + 61, and the root's.
        DomainName.TryParse(three + new string('b', 61), out DomainName? longest).ShouldBeTrue();
        longest!.Wire.Length.ShouldBe(255);
        DomainName.TryParse(three + new string('b', 62), out _).ShouldBeFalse();
        DomainName.TryParse(three + new string('b', 61) + ".c", out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => longest.Below("c"));
    }

    [Fact]
    public void Case_does_not_matter_but_in_writing()
    {
        DomainName name = DomainName.Parse("Home.TEST");
        name.ShouldBe(DomainName.Parse("hOME.test"));
        name.GetHashCode().ShouldBe(DomainName.Parse("hOME.test").GetHashCode());
        name.ShouldNotBe(DomainName.Parse("home.test.test"));
        (name == DomainName.Parse("home.tesT")).ShouldBeTrue();
        // [ and { differ by the same bit, and are no letters.
        DomainName.Parse("[").ShouldNotBe(DomainName.Parse("{"));
    }

    [Theory]
    [InlineData("a.b.localhost", "LOCALHOST", true)]
    [InlineData("localhost", "localhost", true)]
    [InlineData("xlocalhost", "localhost", false)]
    [InlineData("localhost.test", "localhost", false)]
    [InlineData("localhost", "a.localhost", false)]
    [InlineData("a", ".", true)]
    public void A_name_is_within_its_parents(string name, string parent, bool within) =>
        DomainName.Parse(name).IsWithin(DomainName.Parse(parent)).ShouldBe(within);

    [Fact]
    public void A_service_s_name_stands_below_its_domain() =>
        DomainName.Parse("home.test").Below("_xmpps-client._tcp").ToString().ShouldBe("_xmpps-client._tcp.home.test");
}
