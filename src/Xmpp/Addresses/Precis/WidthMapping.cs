using System.Text;
using Xmpp.Addresses.Unicode;

namespace Xmpp.Addresses.Precis;

/// <summary>Full-width and half-width code points become their plain forms (RFC 8264 §5.2.1).</summary>
internal static class WidthMapping
{
    internal static string Apply(string text)
    {
        // All of them are in one block, but for the ideographic space; generate.py asserts it.
        if (!text.AsSpan().ContainsAnyInRange('\uFF00', '\uFFEF') && !text.Contains('\u3000'))
            return text;
        var mapped = new StringBuilder(text.Length);
        foreach (var c in text)
            _ = mapped.Append(c is '\u3000' or (>= '\uFF00' and <= '\uFFEF') ? (char)Decomposition.Single(c) : c);
        return mapped.ToString();
    }
}
