using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Turn.Protocol;

/// <summary>A Data indication's beginning (RFC 8656 §11.3): all of it but the payload and its padding.</summary>
internal static class DataIndication
{
    [ThreadStatic]
    private static ulong _transaction;

    public static void WriteHeader(Span<byte> message, in TransportAddress from, int length)
    {
        int address = XorAddress.LengthOf(from);
        int padded = (length + 3) & ~3;
        BinaryPrimitives.WriteUInt16BigEndian(
            message,
            (ushort)StunMessage.TypeOf(StunMethod.Data, StunClass.Indication)
        );
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)(4 + address + 4 + padded));
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], Stun.MagicCookie);
        Span<byte> transaction = message.Slice(8, Stun.TransactionIdLength);
        WriteTransaction(transaction);
        Span<byte> at = message[Stun.HeaderLength..];
        BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)StunAttribute.XorPeerAddress);
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], (ushort)address);
        XorAddress.Write(at[4..], from, transaction);
        at = at[(4 + address)..];
        BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)StunAttribute.Data);
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], (ushort)length);
    }

    // Nobody answers an indication: each id is another (RFC 8489 §5), and none need be a secret.
    private static void WriteTransaction(Span<byte> id)
    {
        if (_transaction == 0)
            _transaction = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;
        _transaction = (_transaction * 6364136223846793005) + 1442695040888963407;
        BinaryPrimitives.WriteUInt64BigEndian(id, _transaction);
        BinaryPrimitives.WriteUInt32BigEndian(id[8..], (uint)(_transaction >> 29));
    }
}
