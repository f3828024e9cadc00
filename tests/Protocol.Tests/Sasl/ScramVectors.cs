using Shouldly;
using Xmpp.Sasl;
using Xunit;

namespace Protocol.Tests.Sasl;

/// <summary>The exchanges that the specifications print.</summary>
public sealed class ScramVectors
{
    private static readonly ChannelBinding _fakeExporter = new("tls-exporter", "THIS IS FAKE CB DATA"u8.ToArray());

    private static readonly MechanismList _xep474 = new(
        ["SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"],
        [new(ChannelBinding.ServerEndPointType, []), _fakeExporter]
    );

    [Fact]
    public void The_exchange_of_RFC_5802_is_reproduced()
    {
        var server = Server(ScramHash.Sha1, "QSXCR+Q6sek8bf92", "3rfcNHYJY1ZVvWVs7j");
        var client = new ScramClient(ScramHash.Sha1, "user", "pencil") { FixedNonce = "fyko+d2lbbFgONRv9qkxdawL" };

        client.Start().Text().ShouldBe("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
        var challenge = server.Next(client.Start());
        challenge.Text().ShouldBe("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096");
        var response = client.Respond(challenge.Data);
        response.Text().ShouldBe("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
        var success = server.Next(response);
        success.ShouldBe("user");
        success.Text().ShouldBe("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
        client.Accept(success.Data).ShouldBeTrue();
    }

    [Fact]
    public void The_exchange_of_RFC_7677_is_reproduced()
    {
        var server = Server(ScramHash.Sha256, "W22ZaJ0SNY7soEsUEjb6gQ==", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
        var client = new ScramClient(ScramHash.Sha256, "user", "pencil") { FixedNonce = "rOprNGfwEbeRWgbNEkqO" };

        var challenge = server.Next(client.Start());
        challenge
            .Text()
            .ShouldBe("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        var response = client.Respond(challenge.Data);
        response
            .Text()
            .ShouldBe(
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                    + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
            );
        server.Next(response).Text().ShouldBe("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    [Fact]
    public void The_example_of_XEP_0474_is_reproduced_with_its_downgrade_hash_and_binding()
    {
        var house = new SaslHouse();
        house.Add(
            "user",
            ScramKeys.Derive("pencil", ScramHash.Sha1, Convert.FromBase64String("QSXCR+Q6sek8bf92"), 4096)
        );
        var server = new ScramServer("SCRAM-SHA-1-PLUS", ScramHash.Sha1, house.Context(_xep474))
        {
            FixedNonce = "a09117a6-ac50-4f2f-93f1-93799c2bddf6",
        };
        var client = new ScramClient(ScramHash.Sha1, "user", "pencil", _fakeExporter, _xep474)
        {
            FixedNonce = "12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6",
            FinalExtensions = ",x=19C6532F-1CF4-4A27-A18D-DC9CEA41BBB3",
        };

        client.Start().Text().ShouldBe("p=tls-exporter,,n=user,r=12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6");
        var challenge = server.Next(client.Start());
        challenge
            .Text()
            .ShouldBe(
                "r=12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6a09117a6-ac50-4f2f-93f1-93799c2bddf6,"
                    + "s=QSXCR+Q6sek8bf92,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08="
            );
        var response = client.Respond(challenge.Data);
        response
            .Text()
            .ShouldBe(
                "c=cD10bHMtZXhwb3J0ZXIsLFRISVMgSVMgRkFLRSBDQiBEQVRB,"
                    + "r=12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6a09117a6-ac50-4f2f-93f1-93799c2bddf6,"
                    + "x=19C6532F-1CF4-4A27-A18D-DC9CEA41BBB3,p=M/SIDjT+dfcxUh89jZEypRvFxB4="
            );
        server.Next(response).Text().ShouldBe("v=MQrMPvv7yv4x4Cq4W4Ih25EqS2c=");
    }

    private static ScramServer Server(ScramHash hash, string salt, string nonce)
    {
        var house = new SaslHouse();
        house.Add("user", ScramKeys.Derive("pencil", hash, Convert.FromBase64String(salt), 4096));
        var name = hash == ScramHash.Sha1 ? "SCRAM-SHA-1" : "SCRAM-SHA-256";
        return new(name, hash, house.Context(MechanismList.None)) { FixedNonce = nonce };
    }
}
