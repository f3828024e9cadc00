using System.Buffers.Binary;

namespace Storage;

/// <summary>Compares hashes by content; their first bytes are as good as any other hash of them.</summary>
internal sealed class TokenHashComparer : IEqualityComparer<byte[]>
{
    public static readonly TokenHashComparer Instance = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] hash) => hash.Length < 4 ? hash.Length : BinaryPrimitives.ReadInt32LittleEndian(hash);
}
