namespace Turn.Sockets;

/// <summary>
/// A packet where it was received, with room before it for the header that it leaves under: nothing is copied to be relayed.
/// </summary>
/// <param name="buffer">All of the room; what lies before <paramref name="start"/> may be written over.</param>
/// <param name="stays">What lies behind it may be written over too.</param>
/// <param name="slot">Its place in the loop's batch, where it stays until the turn is over; -1 for none.</param>
internal readonly ref struct Packet(Span<byte> buffer, int start, int length, bool stays, int slot = -1)
{
    /// <summary>The longest header that is put before a payload: a Data indication's, with an IPv6 address.</summary>
    public const int Headroom = 64;

    private readonly Span<byte> _buffer = buffer;

    public int Start => start;
    public int Length => length;
    public bool Stays => stays;
    public int Slot => slot;
    public Span<byte> Bytes => _buffer.Slice(start, length);

    /// <summary>What there is behind it that may be written over: enough for its padding, or nothing.</summary>
    public Span<byte> Behind => stays ? _buffer[(start + length)..] : default;

    /// <summary>A part of it.</summary>
    public Packet Slice(int from, int count) => new(_buffer, start + from, count, stays, slot);

    /// <summary>With so many bytes before it.</summary>
    public Packet Prepend(int count) => new(_buffer, start - count, length + count, stays, slot);

    /// <summary>With so many bytes of zero behind it; only where there is room (<see cref="Behind"/>).</summary>
    public Packet Append(int count)
    {
        Behind[..count].Clear();
        return new(_buffer, start, length + count, stays, slot);
    }
}
