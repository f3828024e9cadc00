namespace Xmpp.Addresses.Unicode;

/// <summary>Korean syllables, whose parts are computed and not looked up (Unicode Standard §3.12).</summary>
internal static class Hangul
{
    private const int SBase = 0xAC00;
    private const int LBase = 0x1100;
    private const int VBase = 0x1161;
    private const int TBase = 0x11A7;
    private const int LCount = 19;
    private const int VCount = 21;
    private const int TCount = 28;
    private const int SCount = LCount * VCount * TCount;

    internal static bool IsSyllable(int point) => (uint)(point - SBase) < SCount;

    internal static void Decompose(List<int> points, int syllable)
    {
        var (leadVowel, trail) = Math.DivRem(syllable - SBase, TCount);
        points.Add(LBase + (leadVowel / VCount));
        points.Add(VBase + (leadVowel % VCount));
        if (trail > 0)
            points.Add(TBase + trail);
    }

    /// <summary>The syllable that two parts make, or 0.</summary>
    internal static int Compose(int first, int second)
    {
        if ((uint)(first - LBase) < LCount && (uint)(second - VBase) < VCount)
            return SBase + ((((first - LBase) * VCount) + second - VBase) * TCount);
        // TBase itself is no trailing consonant.
        if (IsSyllable(first) && (first - SBase) % TCount == 0 && (uint)(second - TBase - 1) < TCount - 1)
            return first + second - TBase;
        return 0;
    }
}
