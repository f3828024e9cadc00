using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WebPush.Protocol;

/// <summary>
/// The <c>aes128gcm</c> content coding (RFC 8188) in a single record: salt, record size, key id, and one record that is
/// also the last.
/// </summary>
internal static class EncryptedContent
{
    public const int SaltLength = 16;

    /// <summary>The record size that is announced; a record of ours is always smaller (RFC 8291 §4).</summary>
    public const int RecordSize = 4096;
    private const int KeyLength = 16;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const byte LastRecord = 2;

    /// <summary>Header, delimiter and tag around a plaintext (RFC 8188 §2.1).</summary>
    public static int Overhead(int keyId) => SaltLength + sizeof(uint) + 1 + keyId + 1 + TagLength;

    /// <param name="material">The input keying material.</param>
    /// <param name="padding">Zero bytes behind the delimiter.</param>
    public static byte[] Encrypt(
        ReadOnlySpan<byte> plaintext,
        ReadOnlySpan<byte> material,
        ReadOnlySpan<byte> salt,
        ReadOnlySpan<byte> keyId,
        int padding
    )
    {
        var record = new byte[plaintext.Length + 1 + padding];
        plaintext.CopyTo(record);
        record[plaintext.Length] = LastRecord;
        var content = new byte[Overhead(keyId.Length) + plaintext.Length + padding];
        Span<byte> rest = WriteHeader(content, salt, keyId);

        // §2.2, §2.3; the first record's number is zero, so that its nonce is the base nonce.
        Span<byte> key = stackalloc byte[KeyLength];
        Span<byte> nonce = stackalloc byte[NonceLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, material, key, salt, "Content-Encoding: aes128gcm\0"u8);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, material, nonce, salt, "Content-Encoding: nonce\0"u8);
        using var cipher = new AesGcm(key, TagLength);
        cipher.Encrypt(nonce, record, rest[..record.Length], rest[record.Length..]);
        return content;
    }

    private static Span<byte> WriteHeader(Span<byte> content, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> keyId)
    {
        salt.CopyTo(content);
        BinaryPrimitives.WriteUInt32BigEndian(content[SaltLength..], RecordSize);
        content[SaltLength + sizeof(uint)] = (byte)keyId.Length;
        Span<byte> rest = content[(SaltLength + sizeof(uint) + 1)..];
        keyId.CopyTo(rest);
        return rest[keyId.Length..];
    }
}
