using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Shouldly;
using WebPush;
using WebPush.Protocol;
using Xunit;

namespace Protocol.Tests.WebPush;

/// <summary>RFC 8188 and RFC 8291: their own examples, and what the browser makes of ours.</summary>
public sealed class EncryptionTests
{
    private static byte[] Bytes(string text) => Base64Url.DecodeFromChars(text);

    private static PushSubscription Subscribe(Browser browser)
    {
        PushSubscription
            .TryCreate("https://push.example.net/abc", browser.Key, browser.Auth, out var subscription, out string? why)
            .ShouldBeTrue(why);
        return subscription!;
    }

    // RFC 8188 §3.1.
    [Fact]
    public void One_record_is_written_as_in_the_RFC()
    {
        byte[] content = EncryptedContent.Encrypt(
            "I am the walrus"u8,
            Bytes("yqdlZ-tYemfogSmv7Ws5PQ"),
            Bytes("I1BsxtFttlv3u_Oo94xnmw"),
            [],
            padding: 0
        );
        Base64Url
            .EncodeToString(content)
            .ShouldBe("I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg");
    }

    // RFC 8188 §3.2: the browser that judges the other tests reads more than we write.
    [Fact]
    public void The_browser_of_these_tests_reads_two_padded_records()
    {
        byte[] content = Bytes(
            "uNCkWiNYzKTnBN9ji3-qWAAAABkCYTHOG8chz_gnvgOqdGYovxyjuqRyJFjEDyoF1Fvkj6hQPdPHI51OEUKEpgz3SsLWIqS_uA"
        );
        Encoding
            .UTF8.GetString(Browser.OpenContent(content, Bytes("BO3ZVPxUlnLORbVGMpbT1Q")))
            .ShouldBe("I am the walrus");
    }

    // RFC 8291 §5 and appendix A.
    [Fact]
    public void The_watermelon_of_the_RFC_comes_out_byte_for_byte()
    {
        var browser = new Browser(
            Keys(
                "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
            ),
            Bytes("BTBZMqHH6r4Tts7J_aSIgg")
        );
        using var sender = ECDiffieHellman.Create(
            Keys(
                "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
                "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
            )
        );
        byte[] body = MessageEncryption.Encrypt(
            "When I grow up, I want to be a watermelon"u8,
            Subscribe(browser),
            sender,
            Bytes("DGv6ra1nlYgDCS1FRnbzlw"),
            padding: 0
        );
        Base64Url
            .EncodeToString(body)
            .ShouldBe(
                "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
                    + "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
                    + "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
            );
        browser.OpenText(body).ShouldBe("When I grow up, I want to be a watermelon");
    }

    private static ECParameters Keys(string secret, string point) =>
        new()
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Bytes(secret),
            Q = new ECPoint { X = Bytes(point)[1..33], Y = Bytes(point)[33..] },
        };

    [Theory]
    [InlineData(0, 512)]
    [InlineData(1, 512)]
    [InlineData(511, 512)]
    [InlineData(512, 1024)]
    [InlineData(3583, 3584)]
    [InlineData(3584, 3994)]
    [InlineData(3993, 3994)]
    public void What_is_sent_is_padded_and_the_browser_reads_it(int length, int padded)
    {
        var browser = new Browser();
        byte[] payload = RandomNumberGenerator.GetBytes(length);
        byte[] body = MessageEncryption.Encrypt(payload, Subscribe(browser), paddedTo: 512);
        body.Length.ShouldBe(86 + padded + 16);
        body.Length.ShouldBeLessThanOrEqualTo(4096);
        browser.Open(body).ShouldBe(payload);
    }

    [Fact]
    public void Nothing_but_the_size_is_the_same_twice()
    {
        PushSubscription to = Subscribe(new Browser());
        byte[] one = MessageEncryption.Encrypt("same"u8, to, 512);
        byte[] other = MessageEncryption.Encrypt("same"u8, to, 512);
        one[..16].ShouldNotBe(other[..16]);
        one[21..86].ShouldNotBe(other[21..86]);
        one[86..].ShouldNotBe(other[86..]);
    }

    [Fact]
    public void Another_browser_reads_nothing_and_a_changed_octet_is_noticed()
    {
        var browser = new Browser();
        byte[] body = MessageEncryption.Encrypt("for you"u8, Subscribe(browser), 64);
        Should.Throw<CryptographicException>(() => new Browser().Open(body));
        for (int at = 86; at < body.Length; at++)
        {
            body[at] ^= 1;
            Should.Throw<CryptographicException>(() => browser.Open(body));
            body[at] ^= 1;
        }
    }
}
