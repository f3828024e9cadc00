using System.Globalization;
using System.Text;

namespace Xmpp.Server.Uploads;

/// <summary>
/// The name of an uploaded file, kept as it was said as far as it is safe in a path, in a header and before people's eyes
/// (XEP-0363 §5: "the file name and especially the file ending intact").
/// </summary>
public static class FileName
{
    /// <summary>UTF-8 bytes of a name; three times as much, percent-encoded, still fits into a URL everywhere.</summary>
    public const int LongestBytes = 200;

    private const int LongestEnding = 20;
    private const string Nameless = "file";
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>
    /// The last part of a path, without what nobody sees: control characters, changes of direction (which would make
    /// <c>gpj.exe</c> read <c>exe.jpg</c>), halves of characters. Never empty, never of dots alone.
    /// </summary>
    public static string Sanitise(string said)
    {
        ReadOnlySpan<char> last = said.AsSpan()[(said.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
        var name = new StringBuilder(last.Length);
        foreach (Rune rune in last.EnumerateRunes())
            if (IsVisible(rune))
                name.Append(rune);
        string kept = name.ToString().Trim().TrimStart('.').TrimEnd('.', ' ');
        return Shorten(kept.Length == 0 ? Nameless : kept);
    }

    // The joiners belong to the spelling of Persian and of emoji.
    private static bool IsVisible(Rune rune) =>
        rune.Value is ZeroWidthJoiner or ZeroWidthNonJoiner
        || (
            rune != Rune.ReplacementChar
            && Rune.GetUnicodeCategory(rune)
                is not (
                    UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.PrivateUse
                    or UnicodeCategory.OtherNotAssigned
                )
        );

    // What is too long loses from its middle: apps look at the ending.
    private static string Shorten(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= LongestBytes)
            return name;
        int dot = name.LastIndexOf('.');
        string ending = dot > 0 && Encoding.UTF8.GetByteCount(name.AsSpan(dot)) <= LongestEnding ? name[dot..] : "";
        int room = LongestBytes - Encoding.UTF8.GetByteCount(ending);
        var start = new StringBuilder();
        foreach (Rune rune in name.AsSpan(0, name.Length - ending.Length).EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
                break;
            start.Append(rune);
        }
        return start + ending;
    }

    /// <summary>As the last part of a URL's path (RFC 3986 §2.3): everything but unreserved characters percent-encoded.</summary>
    public static string Escape(string name) => Uri.EscapeDataString(name);
}
