using System.Security.Cryptography;

namespace Xmpp.Sasl;

/// <summary>The hash functions of SCRAM (RFC 5802, RFC 7677). The numbers are stored.</summary>
public enum ScramHash
{
    Sha1 = 1,
    Sha256 = 2,
}

/// <summary>What the hash functions do.</summary>
internal static class ScramHashes
{
    /// <summary>The longest of the hashes, for buffers on the stack.</summary>
    public const int Longest = SHA256.HashSizeInBytes;

    public static int Length(this ScramHash hash) =>
        hash == ScramHash.Sha1 ? SHA1.HashSizeInBytes : SHA256.HashSizeInBytes;

    public static string MechanismName(this ScramHash hash) => hash == ScramHash.Sha1 ? "SCRAM-SHA-1" : "SCRAM-SHA-256";

    public static HashAlgorithmName Algorithm(this ScramHash hash) =>
        hash == ScramHash.Sha1 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;

    public static void Hash(this ScramHash hash, ReadOnlySpan<byte> data, Span<byte> digest) =>
        CryptographicOperations.HashData(hash.Algorithm(), data, digest);

    public static void Hmac(this ScramHash hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> digest) =>
        CryptographicOperations.HmacData(hash.Algorithm(), key, data, digest);
}
