using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Turn.Protocol;

/// <summary>The HMACs of messages and the keys of the long-term mechanism (RFC 8489 §9.2, §14.5, §14.6).</summary>
internal static class Integrity
{
    public const int Sha1Length = 20;
    public const int Sha256Length = 32;

    // RFC 8489 §14.6: it may be cut, but not below.
    private const int LeastSha256 = 16;

    /// <summary>The longest message that is checked; a client's requests are far shorter.</summary>
    public const int LongestMessage = 2048;

    /// <summary>The key of a user (RFC 8489 §9.2.2): MD5 or SHA-256 of <c>username:realm:password</c>, by the algorithm's number.</summary>
    public static byte[] Key(string username, string realm, string password, PasswordAlgorithm algorithm)
    {
        byte[] text = Encoding.UTF8.GetBytes($"{username}:{realm}:{password}");
        return algorithm == PasswordAlgorithm.Sha256 ? SHA256.HashData(text) : MD5.HashData(text);
    }

    /// <summary>Over a message that ends where the attribute will begin, as if it ended with the attribute.</summary>
    public static void Compute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> covered, Span<byte> value, bool sha256)
    {
        Span<byte> copy = stackalloc byte[LongestMessage];
        copy = copy[..covered.Length];
        covered.CopyTo(copy);
        int length = covered.Length - Stun.HeaderLength + 4 + value.Length;
        BinaryPrimitives.WriteUInt16BigEndian(copy[2..], (ushort)length);
        Span<byte> whole = stackalloc byte[Sha256Length];
        int made = sha256 ? HMACSHA256.HashData(key, copy, whole) : HMACSHA1.HashData(key, copy, whole);
        whole[..Math.Min(made, value.Length)].CopyTo(value);
    }

    /// <summary>
    /// The message carries the HMAC of this key: the stronger one where it has both. Compared in constant time.
    /// </summary>
    /// <param name="sha256">Which of the two there was; the answer carries the same.</param>
    public static bool Verify(in StunMessage message, ReadOnlySpan<byte> key, out bool sha256)
    {
        int start = 0;
        ReadOnlySpan<byte> claimed = default;
        sha256 = false;
        StunAttributes all = message.Attributes;
        while (all.MoveNext())
        {
            if (all.Type is not (StunAttribute.MessageIntegrity or StunAttribute.MessageIntegritySha256))
                continue;
            sha256 = all.Type == StunAttribute.MessageIntegritySha256;
            start = all.Start;
            claimed = all.Value;
        }

        bool fits = sha256
            ? claimed.Length is >= LeastSha256 and <= Sha256Length && claimed.Length % 4 == 0
            : claimed.Length == Sha1Length;
        if (start == 0 || !fits || start > LongestMessage)
            return false;
        Span<byte> right = stackalloc byte[Sha256Length];
        right = right[..claimed.Length];
        Compute(key, message.Bytes[..start], right, sha256);
        return CryptographicOperations.FixedTimeEquals(right, claimed);
    }
}

/// <summary>RFC 8489 §18.5.</summary>
internal enum PasswordAlgorithm : ushort
{
    Md5 = 1,
    Sha256 = 2,
}
