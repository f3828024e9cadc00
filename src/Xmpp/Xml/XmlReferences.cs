using System.Text;

namespace Xmpp.Xml;

/// <summary>The five entities and character references (XML 1.0 §4.1, §4.6). There are no others (RFC 6120 §11.1).</summary>
internal static class XmlReferences
{
    /// <summary>True when there is any reference; all are good.</summary>
    /// <exception cref="StreamErrorException">One is not.</exception>
    public static bool Check(ReadOnlySpan<byte> text)
    {
        bool any = false;
        for (int amp = text.IndexOf((byte)'&'); amp >= 0; amp = text.IndexOf((byte)'&'))
        {
            text = text[(amp + 1)..];
            int end = text.IndexOf((byte)';');
            if (end < 0)
                throw XmlFault.NotWellFormed("reference without end");
            if (!TryRead(text[..end], out _))
                throw end > 0 && XmlCharacters.NameLength(text) == end
                    ? XmlFault.Restricted("entity reference")
                    : XmlFault.NotWellFormed("reference to a character that XML does not have");
            text = text[(end + 1)..];
            any = true;
        }
        return any;
    }

    /// <summary>What stands between <c>&amp;</c> and <c>;</c>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> name, out Rune rune)
    {
        rune = default;
        if (name.Length < 2)
            return false;
        if (name[0] == '#')
            return TryCharacter(name[1..], out rune);
        int known =
            name.SequenceEqual("amp"u8) ? '&'
            : name.SequenceEqual("lt"u8) ? '<'
            : name.SequenceEqual("gt"u8) ? '>'
            : name.SequenceEqual("quot"u8) ? '"'
            : name.SequenceEqual("apos"u8) ? '\''
            : 0;
        rune = new Rune(known);
        return known != 0;
    }

    private static bool TryCharacter(ReadOnlySpan<byte> digits, out Rune rune)
    {
        rune = default;
        bool hex = digits[0] == 'x';
        if (hex)
            digits = digits[1..];
        int value = 0;
        foreach (byte b in digits)
        {
            int digit =
                char.IsAsciiDigit((char)b) ? b - '0'
                : hex && char.IsAsciiHexDigit((char)b) ? (b | 0x20) - 'a' + 10
                : -1;
            value = value * (hex ? 16 : 10) + digit;
            if (digit < 0 || value > 0x10FFFF)
                return false;
        }
        return !digits.IsEmpty && XmlCharacters.IsCharacter(value) && Rune.TryCreate(value, out rune);
    }
}
