using System.Buffers.Binary;

namespace Turn.Protocol;

/// <summary>The value of XOR-MAPPED-ADDRESS, XOR-PEER-ADDRESS and XOR-RELAYED-ADDRESS (RFC 8489 §14.2).</summary>
internal static class XorAddress
{
    private const ushort PortMask = (ushort)(Stun.MagicCookie >> 16);

    public static int LengthOf(in TransportAddress address) => 4 + address.Length;

    public static void Write(Span<byte> value, in TransportAddress address, ReadOnlySpan<byte> transactionId)
    {
        value[0] = 0;
        value[1] = (byte)(address.IsV6 ? StunFamily.V6 : StunFamily.V4);
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(address.Port ^ PortMask));
        address.WriteAddress(value[4..]);
        Mask(value.Slice(4, address.Length), transactionId);
    }

    public static bool TryRead(ReadOnlySpan<byte> value, ReadOnlySpan<byte> transactionId, out TransportAddress address)
    {
        address = default;
        int length = value.Length switch
        {
            8 when value[1] == (byte)StunFamily.V4 => 4,
            20 when value[1] == (byte)StunFamily.V6 => 16,
            _ => 0,
        };
        if (length == 0)
            return false;
        Span<byte> plain = stackalloc byte[16];
        value[4..].CopyTo(plain);
        Mask(plain[..length], transactionId);
        var port = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ PortMask);
        address = TransportAddress.Of(plain[..length], port);
        return true;
    }

    // An IPv4 address by the cookie, an IPv6 one by the cookie and the transaction.
    private static void Mask(Span<byte> address, ReadOnlySpan<byte> transactionId)
    {
        Span<byte> mask = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(mask, Stun.MagicCookie);
        transactionId.CopyTo(mask[4..]);
        for (int i = 0; i < address.Length; i++)
            address[i] ^= mask[i];
    }
}
