using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Shouldly;
using WebPush;
using WebPush.Protocol;
using Xunit;

namespace Protocol.Tests.WebPush;

/// <summary>RFC 8292: who sends.</summary>
public sealed class VapidTests
{
    private readonly StepTime _time = new();
    private readonly Vapid _vapid;

    public VapidTests() => _vapid = new Vapid(PushSender.NewKey(), "mailto:admin@home.example", _time);

    private static (string Token, string Key) Read(string authorization)
    {
        string[] parts = authorization.Split(", ");
        parts.Length.ShouldBe(2);
        parts[0].ShouldStartWith("t=");
        parts[1].ShouldStartWith("k=");
        return (parts[0][2..], parts[1][2..]);
    }

    // §2, §3.1, §3.2; RFC 7515 §3.
    [Fact]
    public void The_token_has_the_shape_that_push_services_check()
    {
        (string token, string key) = Read(_vapid.Authorization(new Uri("https://push.example.net/p/secret?x=1")));
        string[] parts = token.Split('.');
        parts.Length.ShouldBe(3);
        Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])).ShouldBe("{\"typ\":\"JWT\",\"alg\":\"ES256\"}");
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        claims.RootElement.EnumerateObject().Select(claim => claim.Name).ShouldBe(["aud", "exp", "sub"]);
        claims.RootElement.GetProperty("aud").GetString().ShouldBe("https://push.example.net");
        claims.RootElement.GetProperty("sub").GetString().ShouldBe("mailto:admin@home.example");
        long expires = claims.RootElement.GetProperty("exp").GetInt64();
        (DateTimeOffset.FromUnixTimeSeconds(expires) - _time.GetUtcNow()).TotalHours.ShouldBeInRange(1, 24);

        byte[] point = Base64Url.DecodeFromChars(key);
        point.Length.ShouldBe(65);
        key.ShouldBe(_vapid.PublicKey);
        byte[] signature = Base64Url.DecodeFromChars(parts[2]);
        signature.Length.ShouldBe(64);
        using var verifier = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = point[1..33], Y = point[33..] },
            }
        );
        byte[] signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        verifier.VerifyData(signed, signature, HashAlgorithmName.SHA256).ShouldBeTrue();
        token.ShouldNotContain("=");
    }

    // §4.2.
    [Fact]
    public void A_token_is_used_again_for_its_push_service_alone_and_not_until_its_end()
    {
        string first = _vapid.Authorization(new Uri("https://one.example/a"));
        _vapid.Authorization(new Uri("https://one.example/b")).ShouldBe(first);
        _vapid.Authorization(new Uri("https://two.example/a")).ShouldNotBe(first);
        _time.Pass(Vapid.Lifetime / 2);
        _vapid.Authorization(new Uri("https://one.example/a")).ShouldNotBe(first);
    }

    [Theory]
    [InlineData("https://push.example.net/x", "https://push.example.net")]
    [InlineData("https://push.example.net:443/x", "https://push.example.net")]
    [InlineData("https://Push.Example.NET:8443/x", "https://push.example.net:8443")]
    [InlineData("https://[2600::1]:8443/x", "https://[2600::1]:8443")]
    public void The_audience_is_the_origin(string endpoint, string origin) =>
        Vapid.Origin(new Uri(endpoint)).ShouldBe(origin);

    [Fact]
    public void A_key_that_cannot_sign_is_refused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var half = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string[] keys = ["", "-----BEGIN", other.ExportPkcs8PrivateKeyPem(), half.ExportSubjectPublicKeyInfoPem()];
        foreach (string key in keys)
            Should.Throw<ArgumentException>(() => new Vapid(key, "https://home.example", _time));
    }
}
