using System.Runtime.InteropServices;
using System.Text;

namespace Xmpp.Addresses.Unicode;

/// <summary>
/// The four normalisation forms (UAX #15). <see cref="string.Normalize()"/> asks libicu, which the program does not
/// carry, and then changes nothing without a word. A text that is already normal comes back as the same object.
/// </summary>
public static class Normalization
{
    /// <summary>Canonical composition: what is seen as one is one code point where Unicode has it.</summary>
    public static string ToNfc(string text) =>
        IsNormal(text, static point => point.IsNfc == QuickCheck.Yes) ? text : Normalize(text, false, true);

    /// <summary>Compatibility composition: also width, ligature, superscript and the like are dropped.</summary>
    public static string ToNfkc(string text) =>
        IsNormal(text, static point => !point.MayChangeInNfkc) ? text : Normalize(text, true, true);

    /// <summary>Canonical decomposition.</summary>
    public static string ToNfd(string text) =>
        IsNormal(text, static point => !point.MayDecompose) ? text : Normalize(text, false, false);

    /// <summary>Compatibility decomposition.</summary>
    public static string ToNfkd(string text) =>
        IsNormal(text, static point => !point.MayDecompose) ? text : Normalize(text, true, false);

    private static string Normalize(string text, bool compatibility, bool compose)
    {
        var points = Decomposition.Of(text, compatibility);
        if (compose)
            Composition.Apply(points);
        return CodePoints.ToText(CollectionsMarshal.AsSpan(points));
    }

    /// <summary>The quick check (UAX #15 §9); a doubt counts as no.</summary>
    private static bool IsNormal(ReadOnlySpan<char> text, Func<CodePoint, bool> staysAlone)
    {
        if (Ascii.IsValid(text))
            return true;
        var lastClass = 0;
        while (!text.IsEmpty)
        {
            var point = CodePoint.Of(CodePoints.Next(ref text));
            if (point.CombiningClass != 0 && point.CombiningClass < lastClass)
                return false;
            if (!staysAlone(point))
                return false;
            lastClass = point.CombiningClass;
        }

        return true;
    }
}
