using System.Security.Cryptography;
using System.Text;

namespace Xmpp.Sasl;

/// <summary>What is kept of a password (RFC 5802 §3): enough to check a proof, not enough to make one.</summary>
/// <param name="Hash">The hash function that all of it belongs to.</param>
/// <param name="Salt">Random per password; shown to whoever asks to sign in.</param>
/// <param name="Iterations">Rounds of PBKDF2.</param>
/// <param name="StoredKey">H(ClientKey).</param>
/// <param name="ServerKey">The key that the server's own signature is made with.</param>
public sealed record ScramKeys(ScramHash Hash, byte[] Salt, int Iterations, byte[] StoredKey, byte[] ServerKey)
{
    /// <summary>Rounds for new keys.</summary>
    public const int DefaultIterations = 10_000;

    /// <summary>RFC 5802 §5.1 and RFC 7677 §4: fewer are not to be used.</summary>
    public const int FewestIterations = 4096;

    /// <summary>Octets of a new salt.</summary>
    public const int SaltLength = 16;

    /// <summary>New keys under a new salt. Takes milliseconds of pure computing.</summary>
    /// <param name="password">Prepared by OpaqueString (RFC 8265 §4.2).</param>
    public static ScramKeys Create(string password, ScramHash hash) =>
        Derive(password, hash, RandomNumberGenerator.GetBytes(SaltLength), DefaultIterations);

    /// <summary>The keys of a password under a given salt. Takes milliseconds of pure computing.</summary>
    /// <param name="password">Prepared by OpaqueString (RFC 8265 §4.2).</param>
    public static ScramKeys Derive(string password, ScramHash hash, byte[] salt, int iterations)
    {
        Span<byte> salted = stackalloc byte[hash.Length()];
        SaltPassword(password, hash, salt, iterations, salted);
        var keys = FromSaltedPassword(salted, hash, salt, iterations);
        CryptographicOperations.ZeroMemory(salted);
        return keys;
    }

    /// <summary>Whether this is the password; for mechanisms that send it. Takes as long as <see cref="Derive"/>.
    /// </summary>
    /// <param name="password">Prepared by OpaqueString (RFC 8265 §4.2).</param>
    public bool Matches(string password)
    {
        var keys = Derive(password, Hash, Salt, Iterations);
        return CryptographicOperations.FixedTimeEquals(keys.StoredKey, StoredKey);
    }

    internal static ScramKeys FromSaltedPassword(ReadOnlySpan<byte> salted, ScramHash hash, byte[] salt, int iterations)
    {
        Span<byte> clientKey = stackalloc byte[hash.Length()];
        hash.Hmac(salted, "Client Key"u8, clientKey);
        var storedKey = new byte[hash.Length()];
        hash.Hash(clientKey, storedKey);
        var serverKey = new byte[hash.Length()];
        hash.Hmac(salted, "Server Key"u8, serverKey);
        CryptographicOperations.ZeroMemory(clientKey);
        return new(hash, salt, iterations, storedKey, serverKey);
    }

    internal static void SaltPassword(
        string password,
        ScramHash hash,
        ReadOnlySpan<byte> salt,
        int iterations,
        Span<byte> salted
    ) => Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, salted, iterations, hash.Algorithm());

    /// <summary>Keys for a name without keys, to run the same exchange and refuse it at its end. The salt is always
    /// the same for a name, and as long as a real one, so that nothing tells which names exist.</summary>
    internal static ScramKeys Fake(ScramHash hash, ReadOnlySpan<byte> secret, string user)
    {
        var label = Encoding.UTF8.GetBytes($"{hash.MechanismName()} {user}");
        var salt = HMACSHA256.HashData(secret, label)[..SaltLength];
        return new(hash, salt, DefaultIterations, new byte[hash.Length()], new byte[hash.Length()]);
    }
}
