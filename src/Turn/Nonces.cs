using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Turn.Protocol;

namespace Turn;

/// <summary>
/// NONCE values that nobody keeps: the time, and an HMAC of it and of the client's address (RFC 8489 §9.2, RFC 8656 §5). One
/// hour each, for one client alone; the key lives as long as the process.
/// </summary>
internal sealed class Nonces(Clock clock)
{
    /// <summary>RFC 8489 §9.2: the cookie, and 24 bits of which the last says "password algorithms" (§18.1), base64.</summary>
    private const string Cookie = "obMatJos2AAAB";
    private const int TimeLength = 4;
    private const int HashLength = 10;
    private const long Lifetime = TimeSpan.TicksPerHour;

    private static readonly int _textLength = Base64Url.GetEncodedLength(TimeLength + HashLength);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public static int Length => Cookie.Length + _textLength;

    public void Write(Span<byte> nonce, in TransportAddress client, bool stream)
    {
        Encoding.ASCII.GetBytes(Cookie, nonce);
        Span<byte> value = stackalloc byte[TimeLength + HashLength];
        Make(value, (uint)(clock.Now / TimeSpan.TicksPerSecond), client, stream);
        Base64Url.EncodeToUtf8(value, nonce[Cookie.Length..]);
    }

    public bool IsGood(ReadOnlySpan<byte> nonce, in TransportAddress client, bool stream)
    {
        Span<byte> value = stackalloc byte[TimeLength + HashLength];
        if (
            nonce.Length != Length
            || Base64Url.DecodeFromUtf8(nonce[Cookie.Length..], value, out _, out int made)
                != System.Buffers.OperationStatus.Done
            || made != value.Length
        )
            return false;
        uint seconds = BinaryPrimitives.ReadUInt32BigEndian(value);
        Span<byte> right = stackalloc byte[Length];
        Span<byte> rightValue = stackalloc byte[TimeLength + HashLength];
        Make(rightValue, seconds, client, stream);
        Encoding.ASCII.GetBytes(Cookie, right);
        Base64Url.EncodeToUtf8(rightValue, right[Cookie.Length..]);
        long age = clock.Now - seconds * TimeSpan.TicksPerSecond;
        return CryptographicOperations.FixedTimeEquals(right, nonce) && age <= Lifetime;
    }

    private void Make(Span<byte> value, uint seconds, in TransportAddress client, bool stream)
    {
        Span<byte> text = stackalloc byte[TimeLength + 16 + 4];
        text.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(text, seconds);
        client.WriteAddress(text[TimeLength..]);
        BinaryPrimitives.WriteUInt16BigEndian(text[(TimeLength + 16)..], client.Port);
        text[^2] = (byte)(client.IsV6 ? 1 : 0);
        text[^1] = (byte)(stream ? 1 : 0);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, text, hash);
        text[..TimeLength].CopyTo(value);
        hash[..HashLength].CopyTo(value[TimeLength..]);
    }
}
