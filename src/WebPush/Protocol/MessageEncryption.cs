using System.Security.Cryptography;

namespace WebPush.Protocol;

/// <summary>Encrypts a push so that only its browser can read it (RFC 8291): a key pair and a salt for each.</summary>
internal static class MessageEncryption
{
    private const int MaterialLength = 32;

    /// <summary>The request's body. The plaintext with its delimiter is filled up to a multiple of <paramref name="paddedTo"/>.</summary>
    public static byte[] Encrypt(ReadOnlySpan<byte> plaintext, PushSubscription to, int paddedTo)
    {
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        Span<byte> salt = stackalloc byte[EncryptedContent.SaltLength];
        RandomNumberGenerator.Fill(salt);
        return Encrypt(plaintext, to, own, salt, Padding(plaintext.Length, paddedTo));
    }

    // The padding never makes a push larger than any may be.
    internal static int Padding(int plaintext, int paddedTo)
    {
        int length = plaintext + 1;
        int padded = Math.Min((length + paddedTo - 1) / paddedTo * paddedTo, PushMessage.LargestPayload + 1);
        return padded - length;
    }

    /// <summary>§3.3, §3.4: the shared secret, mixed with the browser's own, is the keying material of RFC 8188.</summary>
    internal static byte[] Encrypt(
        ReadOnlySpan<byte> plaintext,
        PushSubscription to,
        ECDiffieHellman own,
        ReadOnlySpan<byte> salt,
        int padding
    )
    {
        byte[] ownPoint = Curve.Write(own.ExportParameters(includePrivateParameters: false).Q);
        using ECDiffieHellman theirs = Curve.Read(to.Key.Span);
        byte[] secret = own.DeriveRawSecretAgreement(theirs.PublicKey);
        Span<byte> material = stackalloc byte[MaterialLength];
        byte[] context = [.. "WebPush: info\0"u8, .. to.Key.Span, .. ownPoint];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, material, to.Auth.Span, context);
        byte[] content = EncryptedContent.Encrypt(plaintext, material, salt, ownPoint, padding);
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(material);
        return content;
    }
}
