using Xmpp.Addresses.Unicode;

namespace Xmpp.Addresses.Precis;

/// <summary>Keeps what is read from right to left from being read in two ways (RFC 5893 §2).</summary>
internal static class BidiRule
{
    /// <summary>Whether a text has a code point that is read from right to left, and so falls under the rule.</summary>
    internal static bool Concerns(string text)
    {
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (
                CodePoint.Of(CodePoints.Next(ref rest)).Bidi
                is BidiClass.RightToLeft
                    or BidiClass.ArabicLetter
                    or BidiClass.ArabicNumber
            )
                return true;
        }

        return false;
    }

    /// <summary>Whether a text, which is not empty, keeps the six conditions.</summary>
    internal static bool Allows(string text)
    {
        var classes = Array.ConvertAll(CodePoints.Of(text), point => CodePoint.Of(point).Bidi);
        var last = classes.Length - 1;
        while (last > 0 && classes[last] == BidiClass.NonspacingMark)
            last--;
        return classes[0] switch // 1.
        {
            BidiClass.RightToLeft or BidiClass.ArabicLetter => AllowsRightToLeft(classes, classes[last]),
            BidiClass.LeftToRight => AllowsLeftToRight(classes, classes[last]),
            _ => false,
        };
    }

    private static bool AllowsRightToLeft(BidiClass[] classes, BidiClass last) =>
        Array.TrueForAll(classes, c => c is not (BidiClass.LeftToRight or BidiClass.Other)) // 2.
        && last is BidiClass.RightToLeft or BidiClass.ArabicLetter or BidiClass.EuropeanNumber or BidiClass.ArabicNumber // 3.
        && !(classes.Contains(BidiClass.EuropeanNumber) && classes.Contains(BidiClass.ArabicNumber)); // 4.

    private static bool AllowsLeftToRight(BidiClass[] classes, BidiClass last) =>
        Array.TrueForAll(
            classes,
            c => c is not (BidiClass.RightToLeft or BidiClass.ArabicLetter or BidiClass.ArabicNumber or BidiClass.Other)
        ) // 5.
        && last is BidiClass.LeftToRight or BidiClass.EuropeanNumber; // 6.
}
