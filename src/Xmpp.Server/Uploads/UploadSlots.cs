using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Uploads;

/// <summary>
/// Slots are not kept anywhere: their token says all that was promised and is signed by the box, so that a question which
/// is never followed by a file costs neither a row nor a write (architecture.md, "Disk"), and a restart forgets none.
/// </summary>
public sealed class UploadSlots
{
    private const byte Version = 1;
    private const int FixedLength = 1 + 8 + 8 + 4 + 8 + 1 + 8;
    private readonly byte[] _key;

    internal UploadSlots(byte[] secret) => _key = HMACSHA256.HashData(secret, "upload slots"u8);

    /// <summary>What the bearer shows when it uploads: the slot's terms and their signature, in base64url.</summary>
    public string Sign(UploadSlot slot)
    {
        byte[] type = Encoding.ASCII.GetBytes(slot.MediaType ?? "");
        var token = new byte[FixedLength + type.Length + HMACSHA256.HashSizeInBytes];
        token[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(1), slot.Expires.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(9), slot.Account);
        BinaryPrimitives.WriteInt32BigEndian(token.AsSpan(17), slot.Generation);
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(21), slot.Size);
        token[29] = (byte)slot.Purpose;
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(30), slot.FileExpires?.ToUnixTimeMilliseconds() ?? 0);
        type.CopyTo(token.AsSpan(FixedLength));
        int terms = FixedLength + type.Length;
        Signature(token.AsSpan(0, terms), slot.Id, slot.Name).CopyTo(token.AsSpan(terms));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>The slot of this address; false when the box never signed it. Whether it is over is not asked here.</summary>
    public bool TryRead(string id, string name, string? token, [NotNullWhen(true)] out UploadSlot? slot)
    {
        slot = null;
        if (!UploadId.IsOne(id) || Decode(token) is not { } bytes)
            return false;
        int terms = bytes.Length - HMACSHA256.HashSizeInBytes;
        ReadOnlySpan<byte> said = bytes.AsSpan(terms);
        if (!CryptographicOperations.FixedTimeEquals(said, Signature(bytes.AsSpan(0, terms), id, name)))
            return false;
        long fileExpires = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(30));
        slot = new UploadSlot
        {
            Id = id,
            Name = name,
            Expires = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1))),
            Account = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(9)),
            Generation = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(17)),
            Size = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(21)),
            Purpose = (UploadPurpose)bytes[29],
            FileExpires = fileExpires == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(fileExpires),
            MediaType = terms == FixedLength ? null : Encoding.ASCII.GetString(bytes, FixedLength, terms - FixedLength),
        };
        return true;
    }

    private static byte[]? Decode(string? token)
    {
        if (token is null || token.Length > 512 || !Base64Url.IsValid(token))
            return null;
        byte[] bytes = Base64Url.DecodeFromChars(token);
        return bytes.Length >= FixedLength + HMACSHA256.HashSizeInBytes && bytes[0] == Version ? bytes : null;
    }

    // The id has one length and the name is last: nothing can be moved from one into the other. The terms go first, hashed.
    private byte[] Signature(ReadOnlySpan<byte> terms, string id, string name)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(SHA256.HashData(terms));
        hash.AppendData(Encoding.ASCII.GetBytes(id));
        hash.AppendData(Encoding.UTF8.GetBytes(name));
        return hash.GetHashAndReset();
    }
}
