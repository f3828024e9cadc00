using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Xmpp.Server.Household;

/// <summary>
/// Keeps FAST tokens encrypted (laws, "Tokens"): AES-256-GCM under a key that is not in the database, tied to the account,
/// the device and the mechanism that they were made for.
/// </summary>
internal sealed class TokenVault
{
    public const int KeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private readonly byte[] _key;

    public TokenVault(byte[] key)
    {
        if (key.Length != KeyLength)
            throw new ArgumentException($"the token key has {key.Length} bytes, not {KeyLength}", nameof(key));
        _key = key;
    }

    /// <summary>Nonce, tag and ciphertext.</summary>
    public byte[] Seal(ReadOnlySpan<byte> token, TokenPlace place)
    {
        var box = new byte[NonceLength + TagLength + token.Length];
        Span<byte> nonce = box.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_key, TagLength);
        cipher.Encrypt(
            nonce,
            token,
            box.AsSpan(NonceLength + TagLength),
            box.AsSpan(NonceLength, TagLength),
            place.ToBytes()
        );
        return box;
    }

    /// <summary>False for what was sealed under another key or for another place, or is damaged.</summary>
    public bool TryOpen(byte[] box, TokenPlace place, [NotNullWhen(true)] out byte[]? token)
    {
        token = null;
        if (box.Length <= NonceLength + TagLength)
            return false;
        var open = new byte[box.Length - NonceLength - TagLength];
        try
        {
            using var cipher = new AesGcm(_key, TagLength);
            cipher.Decrypt(
                box.AsSpan(0, NonceLength),
                box.AsSpan(NonceLength + TagLength),
                box.AsSpan(NonceLength, TagLength),
                open,
                place.ToBytes()
            );
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        token = open;
        return true;
    }
}

/// <summary>Where a token belongs: read at another place, it is nothing.</summary>
internal readonly record struct TokenPlace(long Account, long Device, string Mechanism)
{
    public byte[] ToBytes() => Encoding.ASCII.GetBytes($"{Account} {Device} {Mechanism}");
}
