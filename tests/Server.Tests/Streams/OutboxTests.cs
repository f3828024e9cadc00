using System.Net;
using Shouldly;
using Xmpp.Server.Sessions;
using Xmpp.Server.Streams;
using Xmpp.Stanzas;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Streams;

/// <summary>What a client asked for itself waits until it has taken most of it (laws, "What others send never waits").</summary>
public sealed class OutboxTests
{
    private static Outbox Full()
    {
        var outbox = new Outbox();
        for (int i = 0; i < 20; i++)
            outbox.Add(new Outgoing(new byte[Outbox.HighWater / 10]));
        return outbox;
    }

    // The offline messages and a page of the archive at once.
    [Fact]
    public async Task All_who_wait_for_room_are_woken()
    {
        Outbox outbox = Full();
        Task first = outbox.DrainAsync(CancellationToken.None).AsTask();
        Task second = outbox.DrainAsync(CancellationToken.None).AsTask();
        first.IsCompleted.ShouldBeFalse();
        await using var transport = new TcpTransport(Stream.Null, IPAddress.Loopback, new XmlLimits(), tls: null);
        while (outbox.Fill(transport, static () => 0))
        {
            await transport.FlushAsync(CancellationToken.None);
            outbox.Flushed();
        }
        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(10));
    }

    // The connection is cut while its reader waits: it must not wait for ever.
    [Fact]
    public async Task Who_waits_for_room_notices_the_cut()
    {
        Outbox outbox = Full();
        using var cut = new CancellationTokenSource();
        Task waiting = outbox.DrainAsync(cut.Token).AsTask();
        await cut.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        outbox.Close();
        await outbox.DrainAsync(CancellationToken.None);
    }

    // A client that goes and comes back catches up twice; what came since waits for both (Life 7).
    [Fact]
    public async Task What_comes_live_waits_for_the_last_of_several_catch_ups()
    {
        var outbox = new Outbox();
        outbox.BeginCatchUp();
        outbox.BeginCatchUp();
        outbox.Add(Message(3));
        outbox.AddAhead(Message(1)).ShouldBeTrue();
        outbox.EndCatchUp();
        (await Flush(outbox)).ShouldBe(1);
        outbox.AddAhead(Message(2)).ShouldBeTrue();
        outbox.EndCatchUp();
        (await Flush(outbox)).ShouldBe(3);
        outbox.Close();
        outbox.AddAhead(Message(4)).ShouldBeFalse();
    }

    private static Outgoing Message(long archiveId) =>
        new(new Stanza { Kind = StanzaKind.Message, Type = StanzaType.Chat }, to: null, default, archiveId);

    // Returns the newest archived message that has gone.
    private static async Task<long> Flush(Outbox outbox)
    {
        await using var transport = new TcpTransport(Stream.Null, IPAddress.Loopback, new XmlLimits(), tls: null);
        outbox.Fill(transport, static () => 0).ShouldBeTrue();
        await transport.FlushAsync(CancellationToken.None);
        return outbox.Flushed();
    }
}
