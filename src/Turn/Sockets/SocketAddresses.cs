using System.Buffers.Binary;
using Turn.Protocol;

namespace Turn.Sockets;

/// <summary>Addresses as Linux has them (ip(7), ipv6(7)), and which of its own a datagram came to or leaves from.</summary>
internal static unsafe class SocketAddresses
{
    /// <summary>sockaddr_in6.</summary>
    public const int Longest = 28;
    private const int LengthV4 = 16;

    /// <summary>Room for one control message with in6_pktinfo, and one with a segment's length.</summary>
    public const int ControlLength = 40 + SegmentLength;

    /// <summary>What <see cref="WriteSegment"/> takes.</summary>
    public const int SegmentLength = 24;
    private const int ControlHeader = 16;

    public static int Write(byte* to, in TransportAddress address)
    {
        var bytes = new Span<byte>(to, Longest);
        BitConverter.TryWriteBytes(bytes, (ushort)(address.IsV6 ? Libc.Inet6 : Libc.Inet));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], address.Port);
        if (!address.IsV6)
        {
            address.WriteAddress(bytes[4..]);
            bytes[8..LengthV4].Clear();
            return LengthV4;
        }

        bytes[4..8].Clear();
        address.WriteAddress(bytes[8..]);
        BitConverter.TryWriteBytes(bytes[24..], address.Scope);
        return Longest;
    }

    public static TransportAddress Read(byte* from)
    {
        var bytes = new ReadOnlySpan<byte>(from, Longest);
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return BitConverter.ToUInt16(bytes) == Libc.Inet6
            ? TransportAddress.Of(bytes.Slice(8, 16), port, BitConverter.ToUInt32(bytes[24..]))
            : TransportAddress.Of(bytes.Slice(4, 4), port);
    }

    /// <summary>The address that a datagram came to; false where the system did not say.</summary>
    public static bool TryReadLocal(Libc.MessageHeader* header, ushort port, out TransportAddress local)
    {
        local = default;
        if (header->ControlLength < ControlHeader)
            return false;
        var control = new ReadOnlySpan<byte>(header->Control, (int)header->ControlLength);
        int level = BitConverter.ToInt32(control[8..]);
        int type = BitConverter.ToInt32(control[12..]);
        ReadOnlySpan<byte> value = control[ControlHeader..];
        if (level == Libc.LevelIp && type == Libc.PacketInfo && value.Length >= 12)
            // ipi_spec_dst: where answers leave from; ipi_addr could be a broadcast's.
            local = TransportAddress.Of(value.Slice(4, 4), port);
        else if (level == Libc.LevelIpv6 && type == Libc.PacketInfo6 && value.Length >= 20)
            local = TransportAddress.Of(value[..16], port);
        return !local.IsUnspecified;
    }

    /// <summary>Says which address a datagram leaves from. Returns the length of what it wrote.</summary>
    public static int WriteLocal(byte* to, in TransportAddress local, uint scope)
    {
        var control = new Span<byte>(to, ControlLength - SegmentLength);
        control.Clear();
        int length = ControlHeader + (local.IsV6 ? 20 : 12);
        BitConverter.TryWriteBytes(control, (long)length);
        BitConverter.TryWriteBytes(control[8..], local.IsV6 ? Libc.LevelIpv6 : Libc.LevelIp);
        BitConverter.TryWriteBytes(control[12..], local.IsV6 ? Libc.PacketInfo6 : Libc.PacketInfo);
        Span<byte> value = control[ControlHeader..];
        if (local.IsV6)
        {
            local.WriteAddress(value);
            BitConverter.TryWriteBytes(value[16..], scope);
        }
        else
        {
            local.WriteAddress(value[4..]);
        }

        return (length + 7) & ~7;
    }

    /// <summary>Says how long each datagram of a run is (UDP_SEGMENT, udp(7)). Returns the length of what it wrote.</summary>
    public static int WriteSegment(byte* to, ushort length)
    {
        var control = new Span<byte>(to, SegmentLength);
        control.Clear();
        BitConverter.TryWriteBytes(control, (long)(ControlHeader + sizeof(ushort)));
        BitConverter.TryWriteBytes(control[8..], Libc.LevelUdp);
        BitConverter.TryWriteBytes(control[12..], Libc.Segment);
        BitConverter.TryWriteBytes(control[ControlHeader..], length);
        return SegmentLength;
    }
}
