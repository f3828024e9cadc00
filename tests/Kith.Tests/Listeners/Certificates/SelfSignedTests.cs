using System.Security.Cryptography.X509Certificates;
using Kith.Listeners.Certificates;
using Shouldly;
using Xunit;

namespace Kith.Tests.Listeners.Certificates;

public sealed class SelfSignedTests : IDisposable
{
    private static readonly DateTimeOffset _start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new(_start);

    private string Certificates => _folder.At("certificates");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_names_the_domain_its_rooms_and_localhost()
    {
        ServerCertificate made = Of("kith.example").First();

        Names(made).ShouldBe(["kith.example", "groups.kith.example", "localhost"]);
        made.Leaf.GetECDsaPublicKey()!.KeySize.ShouldBe(256);
    }

    [Theory]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("", "localhost")]
    public void Names_are_in_the_form_that_certificates_carry(string domain, string name) =>
        Names(Of(domain).First())[0].ShouldBe(name);

    [Fact]
    public void A_long_domain_does_not_overflow_the_common_name()
    {
        string domain = string.Join('.', Enumerable.Repeat("abcdefghij", 10)) + ".example";
        Of(domain).First().Leaf.MatchesHostname(domain).ShouldBeTrue();
    }

    [Fact]
    public void It_is_kept_for_its_owner_alone_and_used_again()
    {
        ServerCertificate made = Of("kith.example").First();

        Of("kith.example").First().Leaf.Thumbprint.ShouldBe(made.Leaf.Thumbprint);
        string file = Directory.GetFiles(Certificates).ShouldHaveSingleItem();
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Certificates).ShouldBe((UnixFileMode)0x1C0); // 0700
    }

    [Fact]
    public void It_is_renewed_before_it_ends_and_not_earlier()
    {
        SelfSigned source = Of("kith.example");
        ServerCertificate first = source.First();

        _time.Advance(first.NotAfter - _start - TimeSpan.FromDays(31));
        source.Newer().ShouldBeNull();
        _time.Advance(TimeSpan.FromDays(2));
        ServerCertificate renewed = source.Newer().ShouldNotBeNull();

        renewed.NotAfter.ShouldBeGreaterThan(first.NotAfter.AddDays(600));
        source.Newer().ShouldBeNull();
        Of("kith.example").First().Leaf.Thumbprint.ShouldBe(renewed.Leaf.Thumbprint);
    }

    [Fact]
    public void Another_domain_a_damaged_file_or_a_wrong_clock_make_a_new_one()
    {
        string first = Of("kith.example").First().Leaf.Thumbprint;
        string second = Of("other.example").First().Leaf.Thumbprint;
        second.ShouldNotBe(first);

        File.WriteAllText(Directory.GetFiles(Certificates)[0], "damaged");
        string third = Of("other.example").First().Leaf.Thumbprint;
        third.ShouldNotBe(second);

        var earlier = new ManualTime(_start.AddYears(-3));
        new SelfSigned(Certificates, "other.example", earlier).First().Leaf.Thumbprint.ShouldNotBe(third);
    }

    private SelfSigned Of(string domain) => new(Certificates, domain, _time);

    private static string[] Names(ServerCertificate certificate) =>
        [.. certificate.Leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames()];
}
