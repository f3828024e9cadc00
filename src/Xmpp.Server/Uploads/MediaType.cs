using System.Buffers;

namespace Xmpp.Server.Uploads;

/// <summary>Media types (RFC 9110 §8.3.1), as far as a file's type is one: <c>type/subtype</c> in lower case.</summary>
public static class MediaType
{
    /// <summary>What is known of a file of which nothing is known (XEP-0363 §6).</summary>
    public const string Unknown = "application/octet-stream";

    /// <summary>RFC 6838 §4.2: 127 characters on each side; nobody has seen half of it.</summary>
    private const int Longest = 127;

    private static readonly SearchValues<char> _token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    /// <summary>Type and subtype without parameters; null for what is none.</summary>
    public static string? Read(string? said)
    {
        if (said is null)
            return null;
        int end = said.IndexOf(';', StringComparison.Ordinal);
        ReadOnlySpan<char> type = said.AsSpan(0, end < 0 ? said.Length : end).Trim();
        int slash = type.IndexOf('/');
        bool right =
            type.Length <= Longest
            && slash > 0
            && slash < type.Length - 1
            && !type[..slash].ContainsAnyExcept(_token)
            && !type[(slash + 1)..].ContainsAnyExcept(_token);
        return right ? type.ToString().ToLowerInvariant() : null;
    }
}
