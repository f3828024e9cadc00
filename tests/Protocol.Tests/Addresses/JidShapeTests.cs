using System.Text;
using Shouldly;
using Xmpp.Addresses;
using Xunit;

namespace Protocol.Tests.Addresses;

public sealed class JidShapeTests
{
    [Fact]
    public void A_full_address_knows_its_parts()
    {
        var jid = Jid.Parse("juliet@example.com/balcony");
        jid.Local.ShouldBe("juliet");
        jid.Domain.ShouldBe("example.com");
        jid.Resource.ShouldBe("balcony");
        (jid.IsFull, jid.IsBare, jid.IsDomain).ShouldBe((true, false, false));
        jid.Bare.ToString().ShouldBe("juliet@example.com");
        jid.Bare.ShouldBeSameAs(jid.Bare);
        jid.Bare.Local.ShouldBe("juliet");
        jid.Bare.Resource.ShouldBeNull();
    }

    [Fact]
    public void A_bare_address_is_its_own_bare_address()
    {
        var jid = Jid.Parse("juliet@example.com");
        jid.Bare.ShouldBeSameAs(jid);
        (jid.IsFull, jid.IsBare, jid.IsDomain).ShouldBe((false, true, false));
    }

    [Fact]
    public void A_domain_alone_has_neither_local_part_nor_resource()
    {
        var jid = Jid.Parse("example.com");
        (jid.Local, jid.Domain, jid.Resource).ShouldBe((null, "example.com", null));
        (jid.IsFull, jid.IsBare, jid.IsDomain).ShouldBe((false, true, true));
    }

    [Fact]
    public void A_domain_with_a_resource_is_full_and_not_a_domain()
    {
        var jid = Jid.Parse("a.example.com/b@example.net");
        (jid.Local, jid.Domain, jid.Resource).ShouldBe((null, "a.example.com", "b@example.net"));
        (jid.IsFull, jid.IsBare, jid.IsDomain).ShouldBe((true, false, false));
        jid.Bare.IsDomain.ShouldBeTrue();
    }

    [Fact]
    public void The_first_slash_ends_the_domain_and_the_rest_belongs_to_the_resource()
    {
        var jid = Jid.Parse("mercutio@example.net//@//");
        (jid.Local, jid.Domain, jid.Resource).ShouldBe(("mercutio", "example.net", "/@//"));
    }

    [Fact]
    public void Parts_make_the_same_address_as_the_text()
    {
        Jid.TryCreate("Juliet", "Example.COM.", "Balcony", out var made).ShouldBeTrue();
        made.ShouldBe(Jid.Parse("juliet@example.com/Balcony"));
        Jid.TryCreate(null, "example.com", null, out var domain).ShouldBeTrue();
        domain.ShouldBe(Jid.Parse("example.com"));
        Jid.TryCreate("", "example.com", null, out _).ShouldBeFalse();
        Jid.TryCreate(null, "", null, out _).ShouldBeFalse();
        Jid.TryCreate(null, "example.com", "", out _).ShouldBeFalse();
        Jid.TryCreate("a/b", "example.com", null, out _).ShouldBeFalse();
        Jid.TryCreate(null, "a@example.com", null, out _).ShouldBeFalse();
    }

    [Fact]
    public void Capitals_matter_in_the_resource_alone()
    {
        var jid = Jid.Parse("JULIET@EXAMPLE.com/Balcony");
        jid.ToString().ShouldBe("juliet@example.com/Balcony");
        jid.ShouldNotBe(Jid.Parse("juliet@example.com/balcony"));
        jid.Bare.ShouldBe(Jid.Parse("juliet@example.com"));
    }

    [Fact]
    public void Equal_addresses_have_equal_hash_codes_and_operators_agree()
    {
        var one = Jid.Parse("juliet@example.com");
        var same = Jid.Parse("Juliet@example.com");
        var other = Jid.Parse("romeo@example.com");
        (one == same, one != same, one == other, one != other).ShouldBe((true, false, false, true));
        one.GetHashCode().ShouldBe(same.GetHashCode());
        ((Jid?)null == null).ShouldBeTrue();
        (one == null).ShouldBeFalse();
        one.Equals((object)same).ShouldBeTrue();
        one.Equals("juliet@example.com").ShouldBeFalse();
    }

    [Fact]
    public void A_resource_is_added_replaced_or_refused()
    {
        var bare = Jid.Parse("juliet@example.com");
        bare.WithResource("balcony").ShouldBe(Jid.Parse("juliet@example.com/balcony"));
        Jid.Parse("juliet@example.com/a").WithResource("b").ShouldBe(Jid.Parse("juliet@example.com/b"));
        bare.WithResource("balcony").Bare.ShouldBeSameAs(bare);
        bare.TryWithResource("a b", out var full).ShouldBeTrue();
        full.Resource.ShouldBe("a b");
        bare.TryWithResource("", out _).ShouldBeFalse();
        bare.TryWithResource("a\u0001b", out _).ShouldBeFalse();
    }

    [Fact]
    public void An_address_is_written_into_an_attribute_with_its_five_dangers_escaped()
    {
        var jid = Jid.Parse("juliet@example.com/<a href='x'>&\"");
        Encoding.UTF8.GetString(jid.Utf8.Span).ShouldBe("juliet@example.com/<a href='x'>&\"");
        Encoding
            .UTF8.GetString(jid.AttributeUtf8.Span)
            .ShouldBe("juliet@example.com/&lt;a href=&apos;x&apos;&gt;&amp;&quot;");
        var plain = Jid.Parse("juliet@example.com/balcony");
        plain.AttributeUtf8.ShouldBe(plain.Utf8);
    }

    [Fact]
    public void Bytes_are_read_like_text()
    {
        Jid.TryParse("juliet@example.com/balcony"u8, out var jid).ShouldBeTrue();
        jid.ShouldBe(Jid.Parse("juliet@example.com/balcony"));
        Jid.TryParse(ReadOnlySpan<byte>.Empty, out _).ShouldBeFalse();
        Jid.TryParse([0x61, 0xC3, 0x28], out _).ShouldBeFalse();
        Jid.TryParse([0x61, 0xED, 0xA0, 0x80], out _).ShouldBeFalse();
    }

    [Fact]
    public void What_is_no_address_is_refused_by_value_or_by_exception()
    {
        Jid.TryParse((string?)null, out _).ShouldBeFalse();
        Jid.TryParse("", out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => Jid.Parse("@example.com"));
    }

    [Theory]
    [InlineData(1023, true)]
    [InlineData(1024, false)]
    public void A_part_is_at_most_1023_bytes(int length, bool fits)
    {
        var part = new string('a', length);
        var labels = string.Join('.', Enumerable.Repeat(new string('a', 63), 16))[..1023];
        var domain = length == 1023 ? labels : labels + "a";
        Jid.TryParse($"{part}@example.com", out _).ShouldBe(fits);
        Jid.TryParse($"example.com/{part}", out _).ShouldBe(fits);
        Jid.TryParse(domain, out _).ShouldBe(fits);
        Jid.TryParse($"{part.ToUpperInvariant()}@example.com", out _).ShouldBe(fits);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("[::1]", "[::1]")]
    [InlineData("[2001:DB8:0:0::1]", "[2001:db8::1]")]
    [InlineData("juliet@[2001:db8::1]/a", "juliet@[2001:db8::1]/a")]
    public void An_ip_address_stands_for_a_domain(string text, string normal) =>
        Jid.Parse(text).ToString().ShouldBe(normal);

    [Theory]
    [InlineData("[::1")]
    [InlineData("::1")]
    [InlineData("[127.0.0.1]")]
    [InlineData("[fe80::1%eth0]")]
    [InlineData("[::1]:5222")]
    [InlineData("[]")]
    [InlineData("[[::1]]")]
    [InlineData("[::1]]")]
    [InlineData("[::1/64]")]
    public void A_malformed_ip_address_is_refused(string text) => Jid.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("example..com")]
    [InlineData(".example.com")]
    [InlineData("example.com..")]
    [InlineData(".")]
    [InlineData("-example.com")]
    [InlineData("example-.com")]
    [InlineData("exa_mple.com")]
    [InlineData("exa mple.com")]
    [InlineData("example.com:5222")]
    public void A_malformed_domain_is_refused(string text) => Jid.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_label_is_at_most_63_characters()
    {
        Jid.TryParse(new string('a', 63) + ".example", out _).ShouldBeTrue();
        Jid.TryParse(new string('a', 64) + ".example", out _).ShouldBeFalse();
    }
}
