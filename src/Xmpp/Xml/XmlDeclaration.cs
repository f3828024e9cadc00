using System.Text;

namespace Xmpp.Xml;

/// <summary>
/// The XML declaration before a stream header (XML 1.0 §2.8, production 23; RFC 6120 §11.5, §11.6): version 1.0, and no
/// encoding but UTF-8.
/// </summary>
internal static class XmlDeclaration
{
    /// <summary>No good one is longer, white space included.</summary>
    public const int MaximumLength = 128;

    /// <param name="rest">Everything behind <c>&lt;?xml</c>, <c>?&gt;</c> included.</param>
    /// <exception cref="StreamErrorException">Another version or encoding, or no declaration at all.</exception>
    public static void Check(ReadOnlySpan<byte> rest)
    {
        if (!XmlCharacters.IsSpace(rest[0]))
            throw rest[0] == '?'
                ? XmlFault.NotWellFormed("XML declaration without version")
                : XmlFault.Restricted("processing instruction");
        if (!TryTake(ref rest, "version"u8, out ReadOnlySpan<byte> version) || !version.SequenceEqual("1.0"u8))
            throw XmlFault.NotWellFormed("XML version");
        if (TryTake(ref rest, "encoding"u8, out ReadOnlySpan<byte> encoding) && !IsUtf8(encoding))
            throw new StreamErrorException(StreamErrorCondition.UnsupportedEncoding);
        if (
            TryTake(ref rest, "standalone"u8, out ReadOnlySpan<byte> standalone)
            && !standalone.SequenceEqual("yes"u8)
            && !standalone.SequenceEqual("no"u8)
        )
            throw XmlFault.NotWellFormed("XML declaration");
        SkipSpace(ref rest);
        if (!rest.SequenceEqual("?>"u8))
            throw XmlFault.NotWellFormed("XML declaration");
    }

    private static bool IsUtf8(ReadOnlySpan<byte> encoding) => Ascii.EqualsIgnoreCase(encoding, "UTF-8"u8);

    // White space, the name, '=', and a value in quotes; nothing is taken when the name is another.
    private static bool TryTake(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        ReadOnlySpan<byte> at = rest;
        if (!SkipSpace(ref at) || !at.StartsWith(name))
            return false;
        at = at[name.Length..];
        SkipSpace(ref at);
        if (at[0] != '=')
            throw XmlFault.NotWellFormed("XML declaration");
        at = at[1..];
        SkipSpace(ref at);
        byte quote = at[0];
        int end = quote is (byte)'"' or (byte)'\'' ? at[1..].IndexOf(quote) : -1;
        if (end < 0)
            throw XmlFault.NotWellFormed("XML declaration");
        value = at.Slice(1, end);
        rest = at[(end + 2)..];
        return true;
    }

    // What is checked ends with '>', so that there is always a byte left.
    private static bool SkipSpace(ref ReadOnlySpan<byte> rest)
    {
        int space = rest.IndexOfAnyExcept(" \t\r\n"u8);
        rest = rest[space..];
        return space > 0;
    }
}
