using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Xmpp.Sasl;
using Xunit;

namespace Protocol.Tests.Sasl;

public sealed class MechanismListTests
{
    [Fact]
    public void The_strongest_comes_first_and_the_password_last() =>
        SaslHouse.Bound.Names.ShouldBe([
            "SCRAM-SHA-256-PLUS",
            "SCRAM-SHA-1-PLUS",
            "SCRAM-SHA-256",
            "SCRAM-SHA-1",
            "PLAIN",
        ]);

    [Fact]
    public void Behind_a_proxy_nothing_is_bound() =>
        SaslHouse.Unbound.Names.ShouldBe(["SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"]);

    [Fact]
    public void Without_encryption_no_password_is_asked_for()
    {
        MechanismList.For(encrypted: false).Names.ShouldBe(["SCRAM-SHA-256", "SCRAM-SHA-1"]);
        MechanismList.FastFor(encrypted: false).ShouldBeEmpty();
    }

    [Fact]
    public void Tokens_are_bound_where_that_is_possible()
    {
        MechanismList.FastFor(encrypted: true, SaslHouse.EndPoint).ShouldBe(["HT-SHA-256-ENDP", "HT-SHA-256-NONE"]);
        MechanismList.FastFor(encrypted: true, new ChannelBinding("tls-exporter", [1])).ShouldBe(["HT-SHA-256-NONE"]);
        MechanismList.FastFor(encrypted: true).ShouldBe(["HT-SHA-256-NONE"]);
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("SCRAM-SHA-1-PLUS")]
    [InlineData("scram-sha-1")]
    [InlineData("HT-SHA-256-NONE")]
    [InlineData("EXTERNAL")]
    [InlineData("")]
    public void What_was_not_offered_is_not_there(string name)
    {
        var context = new SaslHouse().Context(MechanismList.For(encrypted: false));

        ServerMechanism.Create(name, context).ShouldBeNull();
    }

    [Fact]
    public void The_downgrade_hash_does_not_depend_on_the_order()
    {
        var one = new MechanismList(["B", "A"], [new("y", []), new("x", [])]);
        var other = new MechanismList(["A", "B"], [new("x", []), new("y", [])]);

        one.DowngradeHash(ScramHash.Sha256).ShouldBe(other.DowngradeHash(ScramHash.Sha256));
        one.DowngradeHash(ScramHash.Sha256)
            .ShouldBe(Convert.ToBase64String(SHA256.HashData("A\u001eB\u001fx\u001ey"u8)));
        MechanismList.None.DowngradeHash(ScramHash.Sha1).ShouldBeNull();
    }

    [Fact]
    public void The_end_point_binding_is_the_certificate_hashed_as_its_signature_is()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var sha256 = Certificate(key, HashAlgorithmName.SHA256);
        using var sha384 = Certificate(key, HashAlgorithmName.SHA384);
        using var sha1 = Sha1Certificate(key);

        Data(sha256).ShouldBe(SHA256.HashData(sha256.RawData));
        Data(sha384).ShouldBe(SHA384.HashData(sha384.RawData));
        // RFC 5929 §4.1: SHA-1 counts as SHA-256.
        Data(sha1).ShouldBe(SHA256.HashData(sha1.RawData));
    }

    [Fact]
    public void A_signature_whose_hash_is_undefined_gives_no_binding()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));

        ChannelBinding.ServerEndPoint(certificate).ShouldBeNull();
    }

    [Fact]
    public void Every_condition_is_named_as_on_the_wire() =>
        Enum.GetValues<SaslFailure>()
            .Select(failure => failure.ElementName())
            .ShouldBe([
                "aborted",
                "account-disabled",
                "credentials-expired",
                "encryption-required",
                "incorrect-encoding",
                "invalid-authzid",
                "invalid-mechanism",
                "malformed-request",
                "mechanism-too-weak",
                "not-authorized",
                "temporary-auth-failure",
            ]);

    private static byte[] Data(X509Certificate2 certificate)
    {
        var binding = ChannelBinding.ServerEndPoint(certificate).ShouldNotBeNull();
        binding.Type.ShouldBe("tls-server-end-point");
        return binding.Data;
    }

    private static X509Certificate2 Certificate(ECDsa key, HashAlgorithmName hash) =>
        new CertificateRequest("CN=x", key, hash).CreateSelfSigned(
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddDays(1)
        );

    private static X509Certificate2 Sha1Certificate(ECDsa key) =>
        new CertificateRequest("CN=x", key, HashAlgorithmName.SHA1).Create(
            new("CN=x"),
            new EcdsaWithSha1(key),
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddDays(1),
            [1]
        );

    /// <summary>Signs as .NET itself no longer does.</summary>
    private sealed class EcdsaWithSha1(ECDsa key) : X509SignatureGenerator
    {
        /// <summary>1.2.840.10045.4.1 in DER.</summary>
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) =>
            [0x30, 0x09, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01];

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
            key.SignData(data, hashAlgorithm, DSASignatureFormat.Rfc3279DerSequence);

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
