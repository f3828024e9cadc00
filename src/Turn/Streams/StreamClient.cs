using System.Buffers;
using System.Net.Security;
using Turn.Allocations;
using Turn.Protocol;
using Turn.Sockets;

namespace Turn.Streams;

/// <summary>
/// A client on a connection, in the clear or inside TLS. What peers send never waits for it: while one write is under way
/// the next is gathered, up to a bound, and what comes beyond is dropped like on any busy line.
/// </summary>
internal sealed class StreamClient(
    Stream stream,
    TransportAddress remote,
    TransportAddress local,
    ConnectionTerms terms,
    Clock clock
) : Client(remote, local)
{
    /// <summary>A write that takes longer is the last.</summary>
    private const long Patience = 15 * TimeSpan.TicksPerSecond;
    private const int LeastBuffer = 4096;

    /// <summary>Bytes of answers that have room where what peers send has none any more.</summary>
    private const int Answers = 16 << 10;

    // Some clients take a TLS record for a message, coturn's own among them, and lose what stands behind the first.
    private readonly bool _gathers = stream is not SslStream;

    private readonly Lock _writing = new();
    private byte[]? _waiting;
    private int _length;
    private bool _gathered;
    private bool _sending;
    private long _since;
    private Task _last = Task.CompletedTask;

    public override bool IsStream => true;

    public override Allocation? Allocation
    {
        get => base.Allocation;
        set
        {
            base.Allocation = value;
            terms.Settled(value is not null);
        }
    }

    public override void Send(ReadOnlySpan<byte> message)
    {
        // One that has no room even so reads nothing, and asks all the same.
        if (!TryAdd(message, 0, terms.QueuedBytes + Answers))
            terms.Cut();
    }

    public override void Deliver(in Packet packet) => TryAdd(packet.Bytes, -packet.Length & 3, terms.QueuedBytes);

    private bool TryAdd(ReadOnlySpan<byte> bytes, int padding, int most)
    {
        bool first;
        lock (_writing)
        {
            int length = _length + bytes.Length + padding;
            if (length > most + bytes.Length && _sending)
            {
                if (clock.Now - _since > Patience)
                    terms.Cut();
                return false;
            }

            Reserve(length);
            bytes.CopyTo(_waiting.AsSpan(_length));
            _waiting.AsSpan(length - padding, padding).Clear();
            _length = length;
            first = !_sending && !_gathered;
            _gathered |= first;
        }

        if (first && _gathers)
            Flushes.Add(this);
        else if (first)
            Flush();
        return true;
    }

    private void Reserve(int length)
    {
        if (_waiting is not null && _waiting.Length >= length)
            return;
        byte[] more = ArrayPool<byte>.Shared.Rent(Math.Max(length, LeastBuffer));
        if (_waiting is not null)
        {
            _waiting.AsSpan(0, _length).CopyTo(more);
            ArrayPool<byte>.Shared.Return(_waiting);
        }

        _waiting = more;
    }

    /// <summary>Writes what waits, unless a write is under way, whose end does it.</summary>
    public void Flush()
    {
        while (TryTake(out byte[] bytes, out int length))
        {
            Task write = WriteAsync(bytes, length);
            if (write.IsCompleted)
                continue;
            _last = ContinueAsync(write);
            return;
        }
    }

    private async Task ContinueAsync(Task write)
    {
        await write;
        Flush();
    }

    private bool TryTake(out byte[] bytes, out int length)
    {
        lock (_writing)
        {
            (bytes, length) = (_waiting ?? [], _length);
            _gathered = false;
            if (_sending || length == 0)
                return false;
            (_waiting, _length, _sending, _since) = (null, 0, true, clock.Now);
            return true;
        }
    }

    // Task.CompletedTask where the write ends at once, as it does while the client keeps up: nothing is allocated.
    private async Task WriteAsync(byte[] bytes, int length)
    {
        try
        {
            await stream.WriteAsync(bytes.AsMemory(0, length), terms.Ended);
            await stream.FlushAsync(terms.Ended);
        }
        catch (Exception fault) when (ConnectionTerms.IsLoss(fault))
        {
            terms.Cut();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            lock (_writing)
                _sending = false;
        }
    }

    /// <summary>No write is under way any more; to be awaited once the connection has been cut.</summary>
    public async Task QuietAsync()
    {
        await _last;
        lock (_writing)
        {
            if (_waiting is not null)
                ArrayPool<byte>.Shared.Return(_waiting);
            (_waiting, _length, _sending) = (null, 0, true);
        }
    }
}
