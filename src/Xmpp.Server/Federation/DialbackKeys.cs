using System.Security.Cryptography;
using System.Text;

namespace Xmpp.Server.Federation;

/// <summary>
/// XEP-0185 Dialback Key Generation and Validation: keys that only this process can make, so that it can tell them again
/// without remembering one.
/// </summary>
public sealed class DialbackKeys
{
    private readonly byte[] _key;

    /// <summary>With a secret that lives as long as the process.</summary>
    public DialbackKeys()
        : this(RandomNumberGenerator.GetBytes(32)) { }

    /// <summary>With a secret that is known.</summary>
    public DialbackKeys(ReadOnlySpan<byte> secret) =>
        _key = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(secret)));

    /// <summary>§2: of the server that is asked to take stanzas, the one that sends them, and the stream's id at the former.</summary>
    public string Make(string receiving, string originating, string stream) =>
        Convert.ToHexStringLower(
            HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{receiving} {originating} {stream}"))
        );

    /// <summary>True for the key that was made for these; takes the same time for every other.</summary>
    public bool IsRight(string key, string receiving, string originating, string stream) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(key),
            Encoding.ASCII.GetBytes(Make(receiving, originating, stream))
        );
}
