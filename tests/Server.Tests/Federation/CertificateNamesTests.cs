using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Xmpp.Server.Federation;
using Xunit;

namespace Server.Tests.Federation;

/// <summary>For whom certificates speak (RFC 6120 §13.7.1.2, RFC 6125 §6.4): real ones, made here.</summary>
public sealed class CertificateNamesTests
{
    private const string XmppAddress = "1.3.6.1.5.5.7.8.5";
    private const string ServiceName = "1.3.6.1.5.5.7.8.7";

    private static CertificateNames Names(Action<AsnWriter> write, string subject = "CN=other.test")
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
            write(writer);
        return Of(subject, new X509Extension("2.5.29.17", writer.Encode(), critical: false));
    }

    private static CertificateNames Of(string subject, X509Extension? extension)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (extension is not null)
            request.CertificateExtensions.Add(extension);
        using X509Certificate2 certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow,
            DateTimeOffset.UtcNow.AddDays(1)
        );
        return CertificateNames.Of(certificate);
    }

    private static void Host(AsnWriter writer, string name) =>
        writer.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, 2));

    private static void Other(AsnWriter writer, string type, UniversalTagNumber kind, string value)
    {
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        {
            writer.WriteObjectIdentifier(type);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                writer.WriteCharacterString(kind, value);
        }
    }

    [Theory]
    [InlineData("away.test", "away.test", true)]
    [InlineData("AWAY.Test", "away.test", true)]
    [InlineData("away.test", "rooms.away.test", false)]
    [InlineData("away.test", "xaway.test", false)]
    [InlineData("*.away.test", "rooms.away.test", true)]
    [InlineData("*.away.test", "away.test", false)]
    [InlineData("*.away.test", "a.rooms.away.test", false)]
    [InlineData("r*.away.test", "rooms.away.test", false)]
    [InlineData("*", "test", false)]
    [InlineData("*.*.test", "a.b.test", false)]
    [InlineData("away.test\0.evil.test", "away.test", false)]
    [InlineData("xn--bcher-kva.test", "bücher.test", true)]
    public void A_host_name_is_for_itself_or_one_label_below(string shown, string domain, bool covered) =>
        Names(writer => Host(writer, shown)).Cover(domain).ShouldBe(covered);

    [Theory]
    [InlineData("_xmpp-server.away.test", true)]
    [InlineData("_XMPP-Server.AWAY.test", true)]
    [InlineData("_xmpp-client.away.test", false)]
    [InlineData("_xmpp-server.other.test", false)]
    [InlineData("away.test", false)]
    public void A_service_name_is_for_servers_of_its_domain(string shown, bool covered) =>
        Names(writer => Other(writer, ServiceName, UniversalTagNumber.IA5String, shown))
            .Cover("away.test")
            .ShouldBe(covered);

    [Theory]
    [InlineData("away.test", "away.test", true)]
    [InlineData("bücher.test", "bücher.test", true)]
    [InlineData("bob@away.test", "away.test", false)]
    [InlineData("away.test/x", "away.test", false)]
    [InlineData("*.away.test", "rooms.away.test", false)]
    public void An_xmpp_address_is_a_domain(string shown, string domain, bool covered) =>
        Names(writer => Other(writer, XmppAddress, UniversalTagNumber.UTF8String, shown))
            .Cover(domain)
            .ShouldBe(covered);

    [Fact]
    public void All_kinds_stand_side_by_side()
    {
        CertificateNames names = Names(writer =>
        {
            Other(writer, "1.2.3.4", UniversalTagNumber.UTF8String, "away.test");
            Other(writer, XmppAddress, UniversalTagNumber.UTF8String, "one.test");
            writer.WriteOctetString([127, 0, 0, 1], new Asn1Tag(TagClass.ContextSpecific, 7));
            Other(writer, ServiceName, UniversalTagNumber.IA5String, "_xmpp-server.two.test");
            Host(writer, "three.test");
        });
        ((string[])["one.test", "two.test", "three.test"]).ShouldAllBe(domain => names.Cover(domain));
        names.Cover("away.test").ShouldBeFalse();
        names.ToString().ShouldBe("three.test, _xmpp-server.two.test, one.test");
    }

    [Fact]
    public void The_common_name_says_nothing()
    {
        Of("CN=away.test", null).Cover("away.test").ShouldBeFalse();
        Names(writer => Host(writer, "other.test"), "CN=away.test").Cover("away.test").ShouldBeFalse();
        Of("CN=away.test", null).ToString().ShouldBe("no name");
    }

    // security.md, "Identity": parsed as structure; what is broken names nobody, wherever it is cut or bent.
    [Fact]
    public void What_is_malformed_names_nobody()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            Host(writer, "away.test");
            Other(writer, XmppAddress, UniversalTagNumber.UTF8String, "away.test");
        }
        byte[] whole = writer.Encode();
        CertificateNames.Parse(whole).Cover("away.test").ShouldBeTrue();
        for (int length = 0; length < whole.Length; length++)
            CertificateNames.Parse(whole.AsMemory(0, length)).Cover("away.test").ShouldBeFalse();
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bent = [.. whole];
            bent[random.Next(bent.Length)] = (byte)random.Next(256);
            Should.NotThrow(() => CertificateNames.Parse(bent).Cover("other.test").ShouldBeFalse());
        }
    }
}
