using System.Text;

namespace Xmpp.Addresses.Unicode;

/// <summary>Text as code points and back. A lone surrogate stands for itself, so that a later check can refuse it.</summary>
internal static class CodePoints
{
    internal static int[] Of(ReadOnlySpan<char> text)
    {
        var points = new int[text.Length];
        var count = 0;
        while (!text.IsEmpty)
            points[count++] = Next(ref text);
        return count == points.Length ? points : points[..count];
    }

    /// <summary>Takes the first code point off a text that is not empty.</summary>
    internal static int Next(ref ReadOnlySpan<char> text)
    {
        var pair = text.Length > 1 && char.IsSurrogatePair(text[0], text[1]);
        var point = pair ? char.ConvertToUtf32(text[0], text[1]) : text[0];
        text = text[(pair ? 2 : 1)..];
        return point;
    }

    internal static StringBuilder AppendCodePoint(this StringBuilder builder, int point)
    {
        if (point < 0x10000)
            return builder.Append((char)point);
        Span<char> pair = stackalloc char[2];
        _ = new Rune(point).EncodeToUtf16(pair);
        return builder.Append(pair);
    }

    internal static string ToText(ReadOnlySpan<int> points)
    {
        var builder = new StringBuilder(points.Length);
        foreach (var point in points)
            _ = builder.AppendCodePoint(point);
        return builder.ToString();
    }
}
