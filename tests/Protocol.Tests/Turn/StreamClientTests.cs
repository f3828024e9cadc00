using System.Net;
using Protocol.Tests.Turn.Stage;
using Shouldly;
using Turn;
using Turn.Protocol;
using Turn.Sockets;
using Turn.Streams;
using Xunit;

namespace Protocol.Tests.Turn;

/// <summary>What waits for a client on a connection, and what becomes of one that does not read.</summary>
public sealed class StreamClientTests : IDisposable
{
    private const int Queued = 4096;

    private readonly TestRelay _relay = new();
    private readonly StuckStream _stream = new();
    private readonly ConnectionTerms _terms;
    private readonly StreamClient _client;

    public StreamClientTests()
    {
        var options = new RelayOptions
        {
            Credentials = _relay.Credentials.Find,
            Limits = new RelayLimits { QueuedBytes = Queued },
            Time = _relay.Clock,
        };
        var remote = TransportAddress.Of(IPAddress.Loopback, 4000);
        _terms = new ConnectionTerms(new Newcomers(options.Limits), remote, options, CancellationToken.None);
        _client = new StreamClient(_stream, remote, remote, _terms, new Clock(_relay.Clock));
    }

    [Fact]
    public void A_busy_line_drops_data_and_keeps_answers()
    {
        for (int i = 0; i < 100; i++)
            Deliver(new byte[1000]);
        for (int i = 0; i < 90; i++)
            _client.Send(new byte[160]);
        _stream.Release();
        // The first went at once; then what fits, one beyond, and every answer.
        _stream.Written.ShouldBe(1000 + 5000 + 14400);
    }

    [Fact]
    public async Task Who_asks_on_and_on_and_never_reads_is_cut()
    {
        var cut = new TaskCompletionSource();
        await using CancellationTokenRegistration registered = _terms.Ended.Register(cut.SetResult);
        for (int i = 0; i < 200; i++)
            _client.Send(new byte[160]);
        await cut.Task;
    }

    private void Deliver(byte[] payload)
    {
        byte[] buffer = new byte[Packet.Headroom + payload.Length + 8];
        _client.Deliver(new Packet(buffer, Packet.Headroom, payload.Length, stays: true));
    }

    public void Dispose()
    {
        _terms.Dispose();
        _stream.Dispose();
        _relay.Dispose();
    }

    /// <summary>A connection whose other end does not read until it is released.</summary>
    private sealed class StuckStream : MemoryStream
    {
        private readonly TaskCompletionSource _released = new();

        public long Written { get; private set; }

        public void Release() => _released.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        {
            Written += buffer.Length;
            await _released.Task;
        }
    }
}
