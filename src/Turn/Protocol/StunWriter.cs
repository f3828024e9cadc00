using System.Buffers.Binary;

namespace Turn.Protocol;

/// <summary>
/// Writes a STUN message into a buffer that is long enough for what a server says (<see cref="Longest"/>). Padding is
/// always zero, so that nothing of what was there before leaves.
/// </summary>
internal ref struct StunWriter
{
    /// <summary>No message of this server is longer, but for a Data indication's payload.</summary>
    public const int Longest = 512;

    private readonly Span<byte> _to;
    private int _length = Stun.HeaderLength;

    public StunWriter(Span<byte> to, StunMethod method, StunClass kind, ReadOnlySpan<byte> transactionId)
    {
        _to = to;
        BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)StunMessage.TypeOf(method, kind));
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], Stun.MagicCookie);
        transactionId.CopyTo(to[8..]);
        SetLength(0);
    }

    public readonly ReadOnlySpan<byte> Written => _to[.._length];
    public readonly int Length => _length;

    public void Bytes(StunAttribute type, ReadOnlySpan<byte> value) => value.CopyTo(Attribute(type, value.Length));

    public void Number(StunAttribute type, uint value) =>
        BinaryPrimitives.WriteUInt32BigEndian(Attribute(type, 4), value);

    /// <summary>XOR-MAPPED-ADDRESS and its kin (RFC 8489 §14.2).</summary>
    public void Address(StunAttribute type, in TransportAddress address) =>
        XorAddress.Write(Attribute(type, XorAddress.LengthOf(address)), address, _to.Slice(8, 12));

    /// <summary>ERROR-CODE without a reason (RFC 8489 §14.8), which is for people who are not there.</summary>
    public void Error(StunError error) => Number(StunAttribute.ErrorCode, CodeOf(error));

    /// <summary>ADDRESS-ERROR-CODE (RFC 8656 §18.14): which family there is no address of, and why.</summary>
    public void AddressError(StunFamily family, StunError error) =>
        Number(StunAttribute.AddressErrorCode, ((uint)family << 24) | CodeOf(error));

    /// <summary>MESSAGE-INTEGRITY or MESSAGE-INTEGRITY-SHA256 over all that is written (RFC 8489 §14.5, §14.6).</summary>
    public void Integrity(ReadOnlySpan<byte> key, bool sha256)
    {
        int length = sha256 ? Protocol.Integrity.Sha256Length : Protocol.Integrity.Sha1Length;
        int covered = _length;
        Span<byte> value = Attribute(
            sha256 ? StunAttribute.MessageIntegritySha256 : StunAttribute.MessageIntegrity,
            length
        );
        Protocol.Integrity.Compute(key, _to[..covered], value, sha256);
    }

    public void Fingerprint()
    {
        int covered = _length;
        Span<byte> value = Attribute(StunAttribute.Fingerprint, 4);
        BinaryPrimitives.WriteUInt32BigEndian(value, Crc32.Of(_to[..covered]) ^ Stun.FingerprintMask);
    }

    // Code 438 is class 4, number 38.
    private static uint CodeOf(StunError error) => (uint)((((int)error / 100) << 8) | ((int)error % 100));

    private Span<byte> Attribute(StunAttribute type, int length)
    {
        int padded = (length + 3) & ~3;
        BinaryPrimitives.WriteUInt16BigEndian(_to[_length..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(_to[(_length + 2)..], (ushort)length);
        Span<byte> value = _to.Slice(_length + 4, padded);
        value[length..].Clear();
        _length += 4 + padded;
        SetLength(_length - Stun.HeaderLength);
        return value[..length];
    }

    private readonly void SetLength(int length) => BinaryPrimitives.WriteUInt16BigEndian(_to[2..], (ushort)length);
}
