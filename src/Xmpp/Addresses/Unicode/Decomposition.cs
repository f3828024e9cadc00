namespace Xmpp.Addresses.Unicode;

/// <summary>Takes text apart into what it is made of, in canonical order (Unicode Standard §3.7 and §3.11, D108).</summary>
internal static class Decomposition
{
    private const int CodePointMask = 0x1FFFFF;
    private const uint CompatibilityFlag = 1u << 21;
    private const int LengthShift = 22;

    /// <summary>The decomposed code points of a text, in canonical order.</summary>
    internal static List<int> Of(ReadOnlySpan<char> text, bool compatibility)
    {
        var points = new List<int>(text.Length + 8);
        while (!text.IsEmpty)
            Append(points, CodePoints.Next(ref text), compatibility);
        Order(points);
        return points;
    }

    /// <summary>The one code point of a one-to-one compatibility mapping, such as full width to plain; else the same.</summary>
    internal static int Single(int point)
    {
        var mapping = Find(point, compatibility: true);
        return mapping.Length == 1 ? mapping[0] : point;
    }

    private static void Append(List<int> points, int point, bool compatibility)
    {
        if (Hangul.IsSyllable(point))
        {
            Hangul.Decompose(points, point);
            return;
        }

        var mapping = Find(point, compatibility);
        if (mapping.IsEmpty)
        {
            points.Add(point);
            return;
        }

        // The table is one level deep, so that each mapping may have mappings inside.
        var at = 0;
        while (at < mapping.Length)
        {
            int unit = mapping[at++];
            if (char.IsHighSurrogate((char)unit))
                unit = char.ConvertToUtf32((char)unit, (char)mapping[at++]);
            Append(points, unit, compatibility);
        }
    }

    private static ReadOnlySpan<ushort> Find(int point, bool compatibility)
    {
        if (!CodePoint.Of(point).MayDecompose)
            return default;
        var keys = UnicodeTables.Decomposed;
        int low = 0,
            high = keys.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var key = keys[middle];
            var found = (int)(key & CodePointMask);
            if (found == point)
            {
                return (key & CompatibilityFlag) != 0 && !compatibility
                    ? default
                    : UnicodeTables.DecompositionText.Slice(
                        UnicodeTables.DecomposedAt[middle],
                        (int)(key >> LengthShift)
                    );
            }

            if (found < point)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return default;
    }

    /// <summary>Sorts each run of combining marks by class; marks of one class stay in their order.</summary>
    private static void Order(List<int> points)
    {
        var start = 0;
        while (start < points.Count)
        {
            if (CodePoint.Of(points[start]).CombiningClass == 0)
            {
                start++;
                continue;
            }

            var end = start + 1;
            while (end < points.Count && CodePoint.Of(points[end]).CombiningClass != 0)
                end++;
            if (end - start > 1)
                SortRun(points, start, end);
            start = end;
        }
    }

    private static void SortRun(List<int> points, int start, int end)
    {
        // Class, place and code point in one number: stable, and no slower for the thousand marks that a foe may send.
        var keys = new (int Class, int Place, int Point)[end - start];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = (CodePoint.Of(points[start + i]).CombiningClass, i, points[start + i]);
        Array.Sort(keys);
        for (var i = 0; i < keys.Length; i++)
            points[start + i] = keys[i].Point;
    }
}
