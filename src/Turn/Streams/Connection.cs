using System.Buffers;
using Turn.Protocol;
using Turn.Requests;
using Turn.Sockets;

namespace Turn.Streams;

/// <summary>Reads a client's connection, message by message, until it ends (RFC 8656 §3.1).</summary>
internal sealed class Connection(Stream stream, StreamClient client, TurnServer server, ConnectionTerms terms)
{
    private const int FirstBuffer = 4096;
    private const int LongestMessage = 65535 + 20;

    /// <summary>No request is longer; before it is known who asks there is nothing else.</summary>
    private const int LongestOfStranger = Integrity.LongestMessage;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _start = Packet.Headroom;
    private int _end = Packet.Headroom;

    /// <summary>Returns when either side ends it, or what comes is no message.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                int count = await stream.ReadAsync(_buffer.AsMemory(_end), terms.Ended);
                _end += count;
                if (count == 0 || !TakeMessages())
                    return;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private bool TakeMessages()
    {
        int next = StreamFrame.Least;
        while (_end - _start >= StreamFrame.Least)
        {
            next = StreamFrame.LengthOf(_buffer.AsSpan(_start));
            if (next < 0 || next > (client.Allocation is null ? LongestOfStranger : LongestMessage))
                return false;
            if (next > _end - _start)
                break;
            if (!server.FromClient(client, new Packet(_buffer, _start, next, stays: false)))
                return false;
            _start += next;
            next = StreamFrame.Least;
        }

        MakeRoom(next);
        return true;
    }

    // Headers are written before payloads, over what has been read.
    private void MakeRoom(int next)
    {
        bool full = _end == _buffer.Length;
        int rest = _end - _start;
        if (rest > 0 && _start + next <= _buffer.Length && !full)
            return;
        byte[] old = _buffer;
        if (Packet.Headroom + next > old.Length || (full && old.Length < 8 * FirstBuffer))
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(Packet.Headroom + next, 2 * old.Length));
        old.AsSpan(_start, rest).CopyTo(_buffer.AsSpan(Packet.Headroom));
        (_start, _end) = (Packet.Headroom, Packet.Headroom + rest);
        if (old != _buffer)
            ArrayPool<byte>.Shared.Return(old);
    }
}
