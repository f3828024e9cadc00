using System.Buffers.Binary;

namespace Turn.Protocol;

/// <summary>ChannelData messages (RFC 8656 §12.4).</summary>
internal static class ChannelData
{
    public const int HeaderLength = 4;

    /// <summary>
    /// What clients may choose. RFC 8656 §12 has them stop at 0x4FFF, because a client may have others than us on its port; those
    /// of RFC 5766 §11 (coturn's own tools among them) go on to 0x7FFF, and are served.
    /// </summary>
    public const ushort First = 0x4000;
    public const ushort Last = 0x7FFF;

    /// <summary>The first bits decide what a packet is: 00 STUN, 01 this, all else is nothing.</summary>
    public static bool IsAt(ReadOnlySpan<byte> packet) => packet.Length >= HeaderLength && (packet[0] & 0xC0) == 0x40;

    /// <summary>False where it says more than there is; over UDP what lies behind it is ignored (§12.5).</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out ushort channel, out int length)
    {
        (channel, length) = (0, 0);
        if (!IsAt(packet))
            return false;
        channel = BinaryPrimitives.ReadUInt16BigEndian(packet);
        length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        return length <= packet.Length - HeaderLength;
    }

    public static void WriteHeader(Span<byte> to, ushort channel, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, channel);
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)length);
    }
}
