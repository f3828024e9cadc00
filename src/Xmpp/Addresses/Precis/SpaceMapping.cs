using System.Text;
using Xmpp.Addresses.Unicode;

namespace Xmpp.Addresses.Precis;

/// <summary>Every kind of space becomes the plain one (RFC 8265 §4.2.2, RFC 8266 §2.1).</summary>
internal static class SpaceMapping
{
    internal static string Apply(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        return string.Create(
            text.Length,
            text,
            static (mapped, original) =>
            {
                // No space is beyond the basic plane, and a half of a surrogate pair is none.
                for (var i = 0; i < mapped.Length; i++)
                    mapped[i] = CodePoint.Of(original[i]).IsSpace ? ' ' : original[i];
            }
        );
    }

    /// <summary>Without spaces at the ends, and with single ones inside.</summary>
    internal static string Collapse(string text)
    {
        text = text.Trim(' ');
        if (!text.Contains("  ", StringComparison.Ordinal))
            return text;
        var collapsed = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c != ' ' || collapsed[^1] != ' ')
                _ = collapsed.Append(c);
        }

        return collapsed.ToString();
    }
}
