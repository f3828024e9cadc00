using System.Buffers.Binary;

namespace Turn.Protocol;

/// <summary>
/// A STUN message read in place (RFC 8489 §5, §14). That it could be read means that its header is right and that all its
/// attributes lie within it; what they hold is for their readers to check.
/// </summary>
internal readonly ref struct StunMessage
{
    private readonly ReadOnlySpan<byte> _bytes;

    private StunMessage(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    public StunClass Class => (StunClass)(Type & 0x110);

    // RFC 8489 §5: the class lies between the method's bits.
    public StunMethod Method => (StunMethod)((Type & 0xF) | ((Type & 0xE0) >> 1) | ((Type & 0x3E00) >> 2));

    public ReadOnlySpan<byte> TransactionId => _bytes.Slice(8, Stun.TransactionIdLength);

    private int Type => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    public static int TypeOf(StunMethod method, StunClass kind)
    {
        int m = (int)method;
        return (m & 0xF) | ((m & 0x70) << 1) | ((m & 0xF80) << 2) | (int)kind;
    }

    /// <summary>False for whatever is no STUN message of exactly this length: nothing else is learnt from it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out StunMessage message)
    {
        message = default;
        if (
            bytes.Length < Stun.HeaderLength
            || (bytes[0] & 0xC0) != 0
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) != Stun.MagicCookie
        )
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if ((length & 3) != 0 || bytes.Length != Stun.HeaderLength + length)
            return false;
        var read = new StunMessage(bytes);
        StunAttributes all = read.Attributes;
        while (all.MoveNext()) { }
        if (!all.IsWhole)
            return false;
        message = read;
        return true;
    }

    /// <summary>
    /// All that count, in their order: nothing behind MESSAGE-INTEGRITY but MESSAGE-INTEGRITY-SHA256 and FINGERPRINT, which
    /// ends the message (RFC 8489 §14.5 to §14.7).
    /// </summary>
    public StunAttributes Attributes => new(_bytes);

    /// <summary>The first of its kind, which alone counts (RFC 8489 §14).</summary>
    public bool TryGet(StunAttribute type, out ReadOnlySpan<byte> value)
    {
        StunAttributes all = Attributes;
        while (all.MoveNext())
        {
            if (all.Type != type)
                continue;
            value = all.Value;
            return true;
        }

        value = default;
        return false;
    }

    public bool Has(StunAttribute type) => TryGet(type, out _);

    /// <summary>RFC 8489 §14.7: there is none, or it is right.</summary>
    public bool HasNoFalseFingerprint()
    {
        StunAttributes all = Attributes;
        while (all.MoveNext())
        {
            if (all.Type != StunAttribute.Fingerprint)
                continue;
            uint right = Crc32.Of(_bytes[..all.Start]) ^ Stun.FingerprintMask;
            return all.Value.Length == 4
                && all.Start + 8 == _bytes.Length
                && BinaryPrimitives.ReadUInt32BigEndian(all.Value) == right;
        }

        return true;
    }
}

/// <summary>Walks the attributes of a message.</summary>
internal ref struct StunAttributes
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _next = Stun.HeaderLength;
    private bool _integrity;
    private bool _integrity256;

    public StunAttributes(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public StunAttribute Type { get; private set; }

    /// <summary>Without the padding.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Where its header begins in the message.</summary>
    public int Start { get; private set; }

    /// <summary>Once <see cref="MoveNext"/> has said no: all attributes lay within the message.</summary>
    public readonly bool IsWhole => _next == _bytes.Length;

    public bool MoveNext()
    {
        while (_bytes.Length - _next >= 4)
        {
            var type = (StunAttribute)BinaryPrimitives.ReadUInt16BigEndian(_bytes[_next..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(_bytes[(_next + 2)..]);
            int padded = (length + 3) & ~3;
            if (padded > _bytes.Length - _next - 4)
                return false;
            Start = _next;
            _next += 4 + padded;
            if (!Counts(type))
                continue;
            Type = type;
            Value = _bytes.Slice(Start + 4, length);
            return true;
        }

        return false;
    }

    private bool Counts(StunAttribute type)
    {
        switch (type)
        {
            case StunAttribute.Fingerprint:
                return true;
            case StunAttribute.MessageIntegritySha256:
                return !_integrity256 && (_integrity256 = true);
            case StunAttribute.MessageIntegrity:
                return !_integrity && !_integrity256 && (_integrity = true);
            default:
                return !_integrity && !_integrity256;
        }
    }
}
