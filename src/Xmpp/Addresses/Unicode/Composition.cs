namespace Xmpp.Addresses.Unicode;

/// <summary>Puts decomposed text together again (Unicode Standard §3.11, D117).</summary>
internal static class Composition
{
    internal static void Apply(List<int> points)
    {
        var starter = -1;
        var written = 0;
        var lastClass = 0;
        foreach (var point in points.ToArray())
        {
            var combiningClass = CodePoint.Of(point).CombiningClass;
            // Blocked when something of the same or a higher class, or another starter, stands between.
            var reachable = starter >= 0 && (written == starter + 1 || (lastClass != 0 && lastClass < combiningClass));
            if (reachable && Pair(points[starter], point) is var composed && composed != 0)
            {
                points[starter] = composed;
                continue;
            }

            if (combiningClass == 0)
                starter = written;
            lastClass = combiningClass;
            points[written++] = point;
        }

        points.RemoveRange(written, points.Count - written);
    }

    private static int Pair(int first, int second)
    {
        var syllable = Hangul.Compose(first, second);
        if (syllable != 0)
            return syllable;
        var pairs = UnicodeTables.Compositions;
        var wanted = ((ulong)first << 21) | (uint)second;
        int low = 0,
            high = pairs.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var found = pairs[middle] >> 21;
            if (found == wanted)
                return (int)(pairs[middle] & 0x1FFFFF);
            if (found < wanted)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return 0;
    }
}
