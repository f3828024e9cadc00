using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using Xmpp.Addresses.Unicode;

namespace Xmpp.Addresses;

/// <summary>Unicode in letters, digits and hyphens, without the prefix <c>xn--</c> (RFC 3492).</summary>
public static class Punycode
{
    // RFC 3492 §5
    private const int Base = 36;
    private const int TMin = 1;
    private const int TMax = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialN = 0x80;
    private const int MaxCodePoint = 0x10FFFF;

    /// <summary>Writes a text as Punycode; false where it holds half of a surrogate pair, or is absurdly long.</summary>
    public static bool TryEncode(string text, [NotNullWhen(true)] out string? encoded)
    {
        encoded = null;
        var points = CodePoints.Of(text);
        if (points.Length > Jid.MaxPartBytes || Array.Exists(points, point => point is >= 0xD800 and <= 0xDFFF))
            return false;

        // RFC 3492 §6.3; the bounds above keep delta within 31 bits.
        var output = new StringBuilder();
        foreach (var point in points)
        {
            if (point < InitialN)
                _ = output.Append((char)point);
        }

        var basic = output.Length;
        var handled = basic;
        if (basic > 0)
            _ = output.Append('-');
        int n = InitialN,
            delta = 0,
            bias = InitialBias;
        while (handled < points.Length)
        {
            var next = points.Where(point => point >= n).Min();
            delta += (next - n) * (handled + 1);
            n = next;
            foreach (var point in points)
            {
                if (point < n)
                    delta++;
                if (point != n)
                    continue;
                AppendNumber(output, delta, bias);
                bias = Adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled++;
            }

            delta++;
            n++;
        }

        encoded = output.ToString();
        return true;
    }

    /// <summary>Reads Punycode, in capitals or not; false where it is none.</summary>
    public static bool TryDecode(string encoded, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (encoded.Length > 2 * Jid.MaxPartBytes || !Ascii.IsValid(encoded))
            return false;

        // RFC 3492 §6.2; a hyphen right at the start ends nothing and is no digit either.
        var basic = Math.Max(encoded.LastIndexOf('-'), 0);
        var output = new List<int>(encoded.Length);
        foreach (var c in encoded.AsSpan(0, basic))
            output.Add(c);
        var rest = encoded.AsSpan(basic == 0 ? 0 : basic + 1);
        var first = true;
        int n = InitialN,
            i = 0,
            bias = InitialBias;
        while (!rest.IsEmpty)
        {
            if (!TryTakeNumber(ref rest, bias, out var delta) || delta > int.MaxValue - i)
                return false;
            i += delta;
            var count = output.Count + 1;
            bias = Adapt(delta, count, first);
            first = false;
            var step = i / count;
            if (step > MaxCodePoint - n)
                return false;
            n += step;
            i %= count;
            if (n is >= 0xD800 and <= 0xDFFF)
                return false;
            output.Insert(i++, n);
        }

        text = CodePoints.ToText(CollectionsMarshal.AsSpan(output));
        return true;
    }

    private static void AppendNumber(StringBuilder output, int number, int bias)
    {
        for (var k = Base; ; k += Base)
        {
            var threshold = Math.Clamp(k - bias, TMin, TMax);
            if (number < threshold)
            {
                _ = output.Append(Digit(number));
                return;
            }

            (number, var digit) = Math.DivRem(number - threshold, Base - threshold);
            _ = output.Append(Digit(threshold + digit));
        }
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<char> rest, int bias, out int number)
    {
        long value = 0,
            weight = 1;
        number = 0;
        for (var k = Base; ; k += Base)
        {
            if (rest.IsEmpty || Value(rest[0]) is not (>= 0 and var digit))
                return false;
            rest = rest[1..];
            value += digit * weight;
            if (value > int.MaxValue)
                return false;
            var threshold = Math.Clamp(k - bias, TMin, TMax);
            if (digit < threshold)
            {
                number = (int)value;
                return true;
            }

            weight *= Base - threshold;
            if (weight > int.MaxValue)
                return false;
        }
    }

    /// <summary>RFC 3492 §6.1</summary>
    private static int Adapt(int delta, int count, bool first)
    {
        delta = first ? delta / Damp : delta / 2;
        delta += delta / count;
        var k = 0;
        for (; delta > (Base - TMin) * TMax / 2; k += Base)
            delta /= Base - TMin;
        return k + ((Base - TMin + 1) * delta / (delta + Skew));
    }

    private static char Digit(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int Value(char c) =>
        c switch
        {
            >= 'a' and <= 'z' => c - 'a',
            >= 'A' and <= 'Z' => c - 'A',
            >= '0' and <= '9' => c - '0' + 26,
            _ => -1,
        };
}
