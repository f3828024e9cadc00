using Shouldly;
using Xmpp.Sasl;
using Xunit;

namespace Protocol.Tests.Sasl;

/// <summary>A thousand apps that come back at once sign in at the cost of a few hashes each.</summary>
public sealed class SaslCostTests
{
    [Theory]
    [InlineData("SCRAM-SHA-1", ScramHash.Sha1)]
    [InlineData("SCRAM-SHA-256", ScramHash.Sha256)]
    public void An_exchange_allocates_less_than_a_page(string name, ScramHash hash)
    {
        var house = SaslHouse.WithRomeo();
        var context = house.Context(SaslHouse.Unbound);
        var client = new ScramClient(hash, "romeo", "pencil") { FixedNonce = "fyko+d2lbbFgONRv9qkxdawL" };
        var first = client.Start();
        byte[]? final = null;

        var best = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var server = new ScramServer(name, hash, context) { FixedNonce = "3rfcNHYJY1ZVvWVs7j" };
            var challenge = server.Next(first);
            var between = GC.GetAllocatedBytesForCurrentThread();
            final ??= client.Respond(challenge.Data).ShouldNotBeNull();
            var again = GC.GetAllocatedBytesForCurrentThread();
            server.Next(final).ShouldBe("romeo");
            best = Math.Min(best, GC.GetAllocatedBytesForCurrentThread() - again + between - before);
        }

        best.ShouldBeLessThan(4096);
    }
}
