using System.Diagnostics.CodeAnalysis;
using System.Text;
using Xmpp.Addresses.Precis;
using Xmpp.Addresses.Unicode;

namespace Xmpp.Addresses;

/// <summary>
/// Domain names in Unicode as IDNA2008 has them (RFC 5890 to 5893): what people type is mapped to plain lower case
/// (RFC 7622 §3.2, RFC 5895), A-labels (<c>xn--…</c>) become U-labels, and every label is checked.
/// </summary>
public static class Idna
{
    private const string Prefix = "xn--";

    /// <summary>The name in U-labels, in lower case, without trailing dot; false where it is none.</summary>
    public static bool TryToUnicode(string domain, [NotNullWhen(true)] out string? unicode)
    {
        unicode = null;
        var labels = WidthMapping.Apply(domain).Replace('\u3002', '.').Split('.');
        if (labels.Length > 1 && labels[^1].Length == 0)
            labels = labels[..^1];
        for (var i = 0; i < labels.Length; i++)
        {
            if (!TryPrepareLabel(labels[i], out var label))
                return false;
            labels[i] = label;
        }

        // One label that is read from right to left puts all of them under the rule (RFC 5893 §1.4).
        if (Array.Exists(labels, BidiRule.Concerns) && !Array.TrueForAll(labels, BidiRule.Allows))
            return false;
        unicode = string.Join('.', labels);
        return true;
    }

    /// <summary>The name in A-labels, as DNS and certificates have it; false where it is none.</summary>
    public static bool TryToAscii(string domain, [NotNullWhen(true)] out string? ascii)
    {
        ascii = null;
        if (!TryToUnicode(domain, out var unicode))
            return false;
        ascii = Ascii.IsValid(unicode)
            ? unicode
            : string.Join('.', unicode.Split('.').Select(label => TryToALabel(label, out var a) ? a : label));
        return true;
    }

    private static bool TryPrepareLabel(string raw, [NotNullWhen(true)] out string? label)
    {
        // By label and not by name: a sigma is final at the end of its label.
        label = Normalization.ToNfc(CaseMapping.ToLower(raw));
        if (!Ascii.IsValid(label))
            return IsULabel(label);
        if (!label.StartsWith(Prefix, StringComparison.Ordinal))
            return CanonicalAscii.IsLabel(label);

        // RFC 5891 §5.4: an A-label has exactly one form, and stands for a valid U-label.
        var written = label;
        return Punycode.TryDecode(written[Prefix.Length..], out label)
            && TryToALabel(label, out var again)
            && string.Equals(again, written, StringComparison.Ordinal)
            && IsULabel(label);
    }

    private static bool TryToALabel(string label, [NotNullWhen(true)] out string? ascii)
    {
        ascii = label;
        if (Ascii.IsValid(label))
            return true;
        ascii = null;
        // Each code point takes a character at least, so a label that is longer cannot fit.
        if (label.Length > 2 * CanonicalAscii.MaxLabelLength || !Punycode.TryEncode(label, out var encoded))
            return false;
        ascii = Prefix + encoded;
        return ascii.Length <= CanonicalAscii.MaxLabelLength;
    }

    /// <summary>RFC 5891 §4.2 and §5.4, but for the rule on direction, which looks at the whole name.</summary>
    private static bool IsULabel(string label)
    {
        var points = CodePoints.Of(label);
        if (Ascii.IsValid(label) || label[0] == '-' || label[^1] == '-' || CodePoint.Of(points[0]).IsMark)
            return false;
        if (label.Length > 3 && label[2] == '-' && label[3] == '-')
            return false;
        for (var i = 0; i < points.Length; i++)
        {
            var allowed = CodePoint.Of(points[i]).Idna switch
            {
                Permission.Valid => true,
                Permission.ContextJ or Permission.ContextO => ContextRule.Allows(points, i),
                _ => false,
            };
            if (!allowed)
                return false;
        }

        return string.Equals(Normalization.ToNfc(label), label, StringComparison.Ordinal) && TryToALabel(label, out _);
    }
}
