using System.Buffers.Binary;

namespace Turn.Protocol;

/// <summary>Where messages end on a stream (RFC 8656 §3.1, §12.5): STUN by its length, ChannelData at a multiple of four.</summary>
internal static class StreamFrame
{
    /// <summary>What must be there to know a length.</summary>
    public const int Least = 4;

    /// <summary>The bytes that the message at the beginning takes, padding included; -1 where nothing is a message that begins so.</summary>
    /// <param name="start">At least <see cref="Least"/> bytes.</param>
    public static int LengthOf(ReadOnlySpan<byte> start)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(start[2..]);
        if (ChannelData.IsAt(start))
            return (ChannelData.HeaderLength + length + 3) & ~3;
        return (start[0] & 0xFC) == 0 && (length & 3) == 0 ? Stun.HeaderLength + length : -1;
    }
}
