using System.Text;
using Xmpp.Addresses.Unicode;

namespace Xmpp.Addresses.Precis;

/// <summary>
/// Unicode's <c>toLowerCase()</c> without a language (Unicode Standard §3.13, R2; RFC 8264 §5.2.3): the whole mapping,
/// so that İ becomes i and a dot, and a sigma at the end of a word its final form.
/// </summary>
internal static class CaseMapping
{
    private const int CapitalSigma = 0x3A3;
    private const int Sigma = 0x3C3;
    private const int FinalSigma = 0x3C2;
    private const int CapitalIWithDot = 0x130;
    private const int DotAbove = 0x307;

    internal static string ToLower(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        var points = CodePoints.Of(text);
        var lower = new StringBuilder(text.Length);
        for (var i = 0; i < points.Length; i++)
        {
            _ = points[i] switch
            {
                CapitalSigma => lower.AppendCodePoint(EndsWord(points, i) ? FinalSigma : Sigma),
                CapitalIWithDot => lower.Append('i').AppendCodePoint(DotAbove),
                var point => lower.AppendCodePoint(ToLower(point)),
            };
        }

        return lower.ToString();
    }

    /// <summary>A binary search in runs of first, last, step and distance.</summary>
    private static int ToLower(int point)
    {
        var runs = UnicodeTables.LowerRuns;
        int low = 0,
            high = (runs.Length / 4) - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var run = runs.Slice(middle * 4, 4);
            if (point < run[0])
                high = middle - 1;
            else if (point > run[1])
                low = middle + 1;
            else
                return (point - run[0]) % run[2] == 0 ? point + run[3] : point;
        }

        return point;
    }

    /// <summary>Final_Sigma (Unicode Standard, table 3-17): a cased letter before, none after, ignorable ones aside.</summary>
    private static bool EndsWord(int[] points, int at) => MeetsCased(points, at, -1) && !MeetsCased(points, at, 1);

    private static bool MeetsCased(int[] points, int at, int step)
    {
        for (var i = at + step; i >= 0 && i < points.Length; i += step)
        {
            var point = CodePoint.Of(points[i]);
            if (point.IsCased)
                return true;
            if (!point.IsCaseIgnorable)
                return false;
        }

        return false;
    }
}
