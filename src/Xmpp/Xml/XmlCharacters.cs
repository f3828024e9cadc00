using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Xmpp.Xml;

/// <summary>Which characters a document (XML 1.0 §2.2) and a name (§2.3, productions 4 and 4a) may hold.</summary>
internal static class XmlCharacters
{
    private static readonly SearchValues<byte> _forbidden = SearchValues.Create(Forbidden);
    private static readonly SearchValues<byte> _nameBytes = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."u8
    );

    /// <summary>The controls that are no characters.</summary>
    public static ReadOnlySpan<byte> Forbidden =>
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31];

    // U+FFFE and U+FFFF, which UTF-8 can write and XML does not have, share these two bytes.
    private static ReadOnlySpan<byte> NonCharacterStart => [0xEF, 0xBF];

    /// <exception cref="StreamErrorException">Not UTF-8, or a character that XML does not have.</exception>
    public static void Check(ReadOnlySpan<byte> all)
    {
        if (!Utf8.IsValid(all))
            throw new StreamErrorException(StreamErrorCondition.UnsupportedEncoding, "not UTF-8");
        if (all.ContainsAny(_forbidden) || HasNonCharacter(all))
            throw XmlFault.NotWellFormed("a character that XML does not have");
    }

    private static bool HasNonCharacter(ReadOnlySpan<byte> all)
    {
        for (int at = all.IndexOf(NonCharacterStart); at >= 0; at = all.IndexOf(NonCharacterStart))
        {
            if (IsNonCharacter(all[at..]))
                return true;
            all = all[(at + 3)..];
        }
        return false;
    }

    /// <summary>True when UTF-8 begins with U+FFFE or U+FFFF.</summary>
    public static bool IsNonCharacter(ReadOnlySpan<byte> utf8) =>
        utf8.Length >= 3 && utf8[0] == 0xEF && utf8[1] == 0xBF && utf8[2] >= 0xBE;

    /// <summary>XML 1.0 §2.2, production 2.</summary>
    public static bool IsCharacter(int value) =>
        value is 9 or 10 or 13 or (>= 0x20 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD) or (>= 0x10000 and <= 0x10FFFF);

    public static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r';

    /// <summary>The length of the name without colon (Namespaces in XML §3, NCName) that valid UTF-8 begins with; 0 for none.</summary>
    public static int NameLength(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty || (utf8[0] < 0x80 && !char.IsAsciiLetter((char)utf8[0]) && utf8[0] != '_'))
            return 0;
        int length = 0;
        while (true)
        {
            int other = utf8[length..].IndexOfAnyExcept(_nameBytes);
            if (other < 0)
                return utf8.Length;
            length += other;
            if (utf8[length] < 0x80)
                return length;
            Rune.DecodeFromUtf8(utf8[length..], out Rune rune, out int size);
            if (!IsName(rune.Value, first: length == 0))
                return length;
            length += size;
        }
    }

    private static bool IsName(int value, bool first) =>
        IsNameStart(value) || (!first && value is 0xB7 or (>= 0x300 and <= 0x36F) or (>= 0x203F and <= 0x2040));

    // Beyond ASCII.
    private static bool IsNameStart(int value) =>
        value
            is (>= 0xC0 and <= 0xD6)
                or (>= 0xD8 and <= 0xF6)
                or (>= 0xF8 and <= 0x2FF)
                or (>= 0x370 and <= 0x37D)
                or (>= 0x37F and <= 0x1FFF)
                or (>= 0x200C and <= 0x200D)
                or (>= 0x2070 and <= 0x218F)
                or (>= 0x2C00 and <= 0x2FEF)
                or (>= 0x3001 and <= 0xD7FF)
                or (>= 0xF900 and <= 0xFDCF)
                or (>= 0xFDF0 and <= 0xFFFD)
                or (>= 0x10000 and <= 0xEFFFF);
}

/// <summary>The peer's faults that the readers of this folder find.</summary>
internal static class XmlFault
{
    public static StreamErrorException NotWellFormed(string text) => new(StreamErrorCondition.NotWellFormed, text);

    public static StreamErrorException Restricted(string text) => new(StreamErrorCondition.RestrictedXml, text);

    public static StreamErrorException Policy(string text) => new(StreamErrorCondition.PolicyViolation, text);

    public static StreamErrorException Prefix(string text) => new(StreamErrorCondition.BadNamespacePrefix, text);
}
