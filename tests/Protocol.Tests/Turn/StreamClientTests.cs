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

    [Fact]
    public void What_a_write_makes_wait_goes_in_the_same_turn()
    {
        using var echo = new EchoStream();
        var second = new StreamClient(echo, _client.Remote, _client.Remote, _terms, new Clock(_relay.Clock));
        using var stream = new EchoStream { Also = second };
        var first = new StreamClient(stream, _client.Remote, _client.Remote, _terms, new Clock(_relay.Clock));
        List<Exception> bugs = [];
        // A thread of its own: whoever gathers once does for ever.
        var turn = new Thread(() =>
        {
            Flushes.Gather();
            first.Send(new byte[100]);
            Flushes.Run(bugs.Add);
        });
        turn.Start();
        turn.Join();
        bugs.ShouldBeEmpty();
        (stream.Length, echo.Length).ShouldBe((100, 50));
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

    /// <summary>A connection whose writes make another's.</summary>
    private sealed class EchoStream : MemoryStream
    {
        public StreamClient? Also { get; init; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Also?.Send(new byte[50]);
            return base.WriteAsync(buffer, cancellationToken);
        }
    }

    /// <summary>A connection whose other end does not read until it is released.</summary>
    private sealed class StuckStream : MemoryStream
    {
        private readonly TaskCompletionSource _released = new();

        public long Written { get; private set; }

        public void Release() => _released.SetResult();

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            Written += buffer.Length;
            await _released.Task;
        }
    }
}
