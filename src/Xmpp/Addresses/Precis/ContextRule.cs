using Xmpp.Addresses.Unicode;

namespace Xmpp.Addresses.Precis;

/// <summary>Code points that are fine between the right neighbours only (RFC 5892 appendix A).</summary>
internal static class ContextRule
{
    /// <summary>Whether the CONTEXTJ or CONTEXTO code point at a place is allowed there; one without rule is not.</summary>
    internal static bool Allows(ReadOnlySpan<int> points, int at) =>
        points[at] switch
        {
            0x200C => IsAfterVirama(points, at) || JoinsAcross(points, at), // A.1 zero width non-joiner
            0x200D => IsAfterVirama(points, at), // A.2 zero width joiner
            0x00B7 => at > 0 && at + 1 < points.Length && points[at - 1] == 'l' && points[at + 1] == 'l', // A.3 l·l
            0x0375 => at + 1 < points.Length && CodePoint.Of(points[at + 1]).Script == Script.Greek, // A.4 keraia
            0x05F3 or 0x05F4 => at > 0 && CodePoint.Of(points[at - 1]).Script == Script.Hebrew, // A.5, A.6 geresh
            0x30FB => HasJapanese(points), // A.7 katakana middle dot
            >= 0x0660 and <= 0x0669 => !points.ContainsAnyInRange(0x06F0, 0x06F9), // A.8 Arabic-Indic digits
            >= 0x06F0 and <= 0x06F9 => !points.ContainsAnyInRange(0x0660, 0x0669), // A.9 extended ones
            _ => false,
        };

    private static bool IsAfterVirama(ReadOnlySpan<int> points, int at) =>
        at > 0 && CodePoint.Of(points[at - 1]).IsVirama;

    /// <summary>Whether letters that would join stand on both sides, transparent marks aside.</summary>
    private static bool JoinsAcross(ReadOnlySpan<int> points, int at)
    {
        var before = at - 1;
        while (before >= 0 && CodePoint.Of(points[before]).Joining == JoiningType.Transparent)
            before--;
        var after = at + 1;
        while (after < points.Length && CodePoint.Of(points[after]).Joining == JoiningType.Transparent)
            after++;
        return before >= 0
            && after < points.Length
            && CodePoint.Of(points[before]).Joining is JoiningType.Left or JoiningType.Dual
            && CodePoint.Of(points[after]).Joining is JoiningType.Right or JoiningType.Dual;
    }

    private static bool HasJapanese(ReadOnlySpan<int> points)
    {
        foreach (var point in points)
        {
            if (CodePoint.Of(point).Script is Script.Hiragana or Script.Katakana or Script.Han)
                return true;
        }

        return false;
    }
}
