using Shouldly;
using Xmpp.Addresses;
using Xunit;

namespace Protocol.Tests.Addresses;

/// <summary>What each stanza's address costs.</summary>
public sealed class JidCostTests
{
    private const int Rounds = 1_000;

    [Fact]
    public void An_address_in_plain_ascii_costs_little_more_than_its_object()
    {
        const string text = "juliet@example.com/balcony";
        Jid.Parse(text).ToString().ShouldBeSameAs(text);
        // 88 when optimised; unoptimised code boxes a little.
        Cost(() => Jid.TryParse(text, out _)).ShouldBeLessThan(200);
    }

    [Fact]
    public void The_same_in_bytes_costs_the_text_too() =>
        Cost(() => Jid.TryParse("juliet@example.com/balcony"u8, out _)).ShouldBeLessThan(280);

    [Fact]
    public void Asking_again_costs_nothing()
    {
        var jid = Jid.Parse("juliet@example.com/<balcony>");
        Cost(() =>
            {
                _ = jid.Local;
                _ = jid.Domain;
                _ = jid.Resource;
                _ = jid.Bare;
                _ = jid.Utf8;
                _ = jid.AttributeUtf8;
                _ = jid.GetHashCode();
            })
            .ShouldBe(0);
    }

    /// <summary>Bytes allocated by one call.</summary>
    private static long Cost(Action action)
    {
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
            action();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
    }
}
