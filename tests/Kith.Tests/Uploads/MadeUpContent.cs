using System.Net;

namespace Kith.Tests.Uploads;

/// <summary>A large file that is nowhere: each piece can be told from every other, and somebody looks on while it is sent.</summary>
internal sealed class MadeUpContent(long length, Action<long> sent) : HttpContent
{
    public const int Piece = 1 << 20;

    /// <summary>The piece that begins there.</summary>
    public static void Fill(Span<byte> piece, long at) => new Random((int)(at / Piece)).NextBytes(piece);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var piece = new byte[Piece];
        for (long at = 0; at < length; at += Piece)
        {
            int count = (int)Math.Min(Piece, length - at);
            Fill(piece, at);
            await stream.WriteAsync(piece.AsMemory(0, count));
            await stream.FlushAsync();
            sent(at + count);
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }

    /// <summary>Reads as much as there is; true when it is this file.</summary>
    public static async Task<bool> IsSameAsync(Stream stream, long length, Action<long> received)
    {
        byte[] piece = new byte[Piece];
        byte[] expected = new byte[Piece];
        for (long at = 0; at < length; at += Piece)
        {
            int count = (int)Math.Min(Piece, length - at);
            await stream.ReadExactlyAsync(piece.AsMemory(0, count));
            Fill(expected, at);
            if (!piece.AsSpan(0, count).SequenceEqual(expected.AsSpan(0, count)))
                return false;
            received(at + count);
        }
        return await stream.ReadAsync(piece) == 0;
    }
}
