using System.Security.Cryptography;

namespace WebPush.Protocol;

/// <summary>Points on P-256 as they travel: uncompressed, 0x04 and both coordinates (X9.62, as RFC 8291 §3.1 asks).</summary>
internal static class Curve
{
    public const int PointLength = 65;
    private const int CoordinateLength = 32;
    private const byte Uncompressed = 4;

    public static byte[] Write(ECPoint point)
    {
        var bytes = new byte[PointLength];
        bytes[0] = Uncompressed;
        point.X!.CopyTo(bytes, 1);
        point.Y!.CopyTo(bytes, 1 + CoordinateLength);
        return bytes;
    }

    /// <summary>True for a point that lies on the curve: any other would tell the private key bit by bit.</summary>
    public static bool IsPoint(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != PointLength || bytes[0] != Uncompressed)
            return false;
        try
        {
            Read(bytes).Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <exception cref="CryptographicException">It does not lie on the curve.</exception>
    public static ECDiffieHellman Read(ReadOnlySpan<byte> point)
    {
        var parameters = new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint
            {
                X = point.Slice(1, CoordinateLength).ToArray(),
                Y = point.Slice(1 + CoordinateLength, CoordinateLength).ToArray(),
            },
        };
        return ECDiffieHellman.Create(parameters);
    }
}
