using System.Net;
using Shouldly;
using Xmpp.Server.Sessions;
using Xmpp.Server.Streams;
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
}
