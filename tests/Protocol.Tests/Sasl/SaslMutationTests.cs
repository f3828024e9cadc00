using System.Text;
using Shouldly;
using Xmpp.Sasl;
using Xunit;

namespace Protocol.Tests.Sasl;

/// <summary>Whatever a stranger sends is answered, never with a success and never with an exception.</summary>
public sealed class SaslMutationTests
{
    private const int Rounds = 20_000;

    /// <summary>One round of derivation, because PLAIN derives for each message; the password is not among those
    /// sent.</summary>
    private readonly SaslHouse _house = new()
    {
        Everybody = ScramKeys.Derive("a long password", ScramHash.Sha1, new byte[16], 1),
        Tokens = ["token"u8.ToArray()],
    };

    [Theory]
    [InlineData("SCRAM-SHA-1", "n,a=romeo,n=romeo,r=fyko+d2lbbFgONRv9qkxdawL,x=y")]
    [InlineData("SCRAM-SHA-1-PLUS", "p=tls-server-end-point,,n=ro=2Cm=3Deo,r=fyko+d2lbbFgONRv9qkxdawL")]
    [InlineData("PLAIN", "romeo@example.org\0romeo\0pencil")]
    [InlineData("HT-SHA-256-NONE", "romeo\0abcdefghijklmnopqrstuvwxyz012345")]
    [InlineData("HT-SHA-256-ENDP", "romeo\0abcdefghijklmnopqrstuvwxyz012345")]
    public void Any_first_message_is_answered(string name, string message)
    {
        var valid = Encoding.UTF8.GetBytes(message);
        var random = new Random(5802);
        var challenges = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var step = _house.Server(name).Next(Mutate(valid, random));
            step.Outcome.ShouldNotBe(SaslOutcome.Success);
            challenges += step.Outcome == SaslOutcome.Challenge ? 1 : 0;
        }

        if (name.StartsWith("SCRAM", StringComparison.Ordinal))
            challenges.ShouldBeInRange(Rounds / 50, Rounds);
    }

    [Theory]
    [InlineData("SCRAM-SHA-1", ScramHash.Sha1, false)]
    [InlineData("SCRAM-SHA-1-PLUS", ScramHash.Sha1, true)]
    [InlineData("SCRAM-SHA-256", ScramHash.Sha256, false)]
    [InlineData("SCRAM-SHA-256-PLUS", ScramHash.Sha256, true)]
    public void Any_last_message_but_the_right_one_is_refused(string name, ScramHash hash, bool plus)
    {
        var romeo = SaslHouse.WithRomeo();
        var client = new ScramClient(hash, "romeo", "pencil", plus ? SaslHouse.EndPoint : null) { FixedNonce = "abc" };
        byte[]? valid = null;
        var random = new Random(7677);
        for (var i = 0; i < Rounds; i++)
        {
            var server = new ScramServer(name, hash, romeo.Context(SaslHouse.Bound)) { FixedNonce = "SERVER" };
            var challenge = server.Next(client.Start());
            valid ??= client.Respond(challenge.Data).ShouldNotBeNull();
            server.Next(Mutate(valid, random)).Outcome.ShouldBe(SaslOutcome.Failure);
        }

        var last = new ScramServer(name, hash, romeo.Context(SaslHouse.Bound)) { FixedNonce = "SERVER" };
        last.Next(client.Start());
        last.Next(valid).ShouldBe("romeo");
    }

    [Fact]
    public void Any_challenge_is_answered_or_left_by_the_client()
    {
        var valid = "r=abcSERVER,s=AAAA,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08="u8.ToArray();
        var random = new Random(474);
        for (var i = 0; i < 2_000; i++)
        {
            var client = new ScramClient(ScramHash.Sha1, "romeo", "pencil") { FixedNonce = "abc" };
            var challenge = Mutate(valid, random);
            // Five digits of rounds are as many as a test has time for.
            if (Encoding.Latin1.GetString(challenge).Contains("i=4096,", StringComparison.Ordinal))
                client.Respond(challenge);
            client.Accept(challenge).ShouldBeFalse();
        }
    }

    /// <summary>Something that differs from the valid message by a few octets, or from all there is.</summary>
    private static byte[] Mutate(byte[] valid, Random random)
    {
        if (random.Next(10) == 0)
        {
            var noise = new byte[random.Next(1, 200)];
            random.NextBytes(noise);
            return noise;
        }

        var message = new List<byte>(valid);
        do
        {
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                Change(message, random);
        } while (message.SequenceEqual(valid));

        return [.. message];
    }

    private static void Change(List<byte> message, Random random)
    {
        var at = random.Next(message.Count + 1);
        var special = "\0,=aAmMnpry2CD3D+/@ \xFF"u8;
        var octet = random.Next(2) == 0 ? special[random.Next(special.Length)] : (byte)random.Next(256);
        switch (random.Next(5))
        {
            case 0 when at < message.Count:
                message.RemoveRange(at, random.Next(1, Math.Min(8, message.Count - at) + 1));
                break;
            case 1 when at < message.Count:
                message[at] = octet;
                break;
            case 2 when at < message.Count:
                message[at] ^= (byte)(1 << random.Next(8));
                break;
            case 3:
                var from = random.Next(message.Count + 1);
                message.InsertRange(at, message.GetRange(from, random.Next(message.Count - from + 1)));
                break;
            default:
                message.Insert(at, octet);
                break;
        }
    }
}
