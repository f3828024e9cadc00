using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Protocol.Tests.WebPush;

/// <summary>
/// The other end of a push, written from the specifications alone: a key pair, a secret, and what a browser does with a
/// body (RFC 8291 §3, RFC 8188 §2). Shares no code with the sender.
/// </summary>
internal sealed class Browser
{
    private readonly ECDiffieHellman _keys;
    private readonly byte[] _auth;

    public Browser(ECParameters? keys = null, byte[]? auth = null)
    {
        _keys = keys is { } given
            ? ECDiffieHellman.Create(given)
            : ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        _auth = auth ?? RandomNumberGenerator.GetBytes(16);
        ECPoint point = _keys.ExportParameters(false).Q;
        Point = [4, .. point.X!, .. point.Y!];
    }

    public byte[] Point { get; }
    public string Key => Base64Url.EncodeToString(Point);
    public string Auth => Base64Url.EncodeToString(_auth);

    /// <summary>What the sender wrote, without its padding.</summary>
    public byte[] Open(byte[] body)
    {
        byte[] sender = body.AsSpan(21, body[20]).ToArray();
        using var theirs = ECDiffieHellman.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = sender[1..33], Y = sender[33..65] },
            }
        );
        byte[] shared = _keys.DeriveRawSecretAgreement(theirs.PublicKey);
        byte[] info = [.. "WebPush: info\0"u8, .. Point, .. sender];
        return OpenContent(body, Expand(Extract(_auth, shared), info, 32));
    }

    public string OpenText(byte[] body) => Encoding.UTF8.GetString(Open(body));

    /// <summary>RFC 8188 §2, with as many records as there are.</summary>
    public static byte[] OpenContent(byte[] body, byte[] material)
    {
        byte[] salt = body[..16];
        int size = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(16));
        byte[] pseudorandom = Extract(salt, material);
        using var cipher = new AesGcm(Expand(pseudorandom, "Content-Encoding: aes128gcm\0"u8.ToArray(), 16), 16);
        byte[] nonce = Expand(pseudorandom, "Content-Encoding: nonce\0"u8.ToArray(), 12);
        var plain = new List<byte>();
        int at = 21 + body[20];
        for (byte number = 0; at < body.Length; number++)
        {
            byte[] record = body[at..Math.Min(at + size, body.Length)];
            at += record.Length;
            byte[] own = [.. nonce];
            own[11] ^= number;
            var open = new byte[record.Length - 16];
            cipher.Decrypt(own, record.AsSpan(..^16), record.AsSpan(record.Length - 16), open);
            int end = Array.FindLastIndex(open, octet => octet != 0);
            byte expected = at == body.Length ? (byte)2 : (byte)1;
            if (open[end] != expected)
                throw new InvalidDataException($"record {number} ends with {open[end]}");
            plain.AddRange(open[..end]);
        }
        return [.. plain];
    }

    // HKDF (RFC 5869), a single block.
    private static byte[] Extract(byte[] salt, byte[] material) => HMACSHA256.HashData(salt, material);

    private static byte[] Expand(byte[] key, byte[] info, int length) =>
        HMACSHA256.HashData(key, (byte[])[.. info, 1])[..length];
}
