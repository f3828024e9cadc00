using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Xmpp.Server.Uploads;

/// <summary>
/// The unguessable part of a file's address (XEP-0363 §13.3): 144 random bits in base64url, which is also a safe name of
/// a file.
/// </summary>
public static class UploadId
{
    /// <summary>Characters of an id.</summary>
    public const int Length = 24;

    private static readonly SearchValues<char> _letters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length / 4 * 3));

    /// <summary>False for what cannot be one: nothing of it may reach a path.</summary>
    public static bool IsOne(string? text) => text is { Length: Length } && !text.AsSpan().ContainsAnyExcept(_letters);
}
