using System.Text;
using System.Xml;

namespace Protocol.Tests.Xml;

/// <summary>The framework's reader, inside the same stream header.</summary>
internal static class XmlReaderOracle
{
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Null when it refuses, or when it is not one element.</summary>
    public static string? Read(byte[] bytes)
    {
        try
        {
            using var reader = Open(_strict.GetString(bytes));
            if (bytes is [not (byte)'<', ..] || !reader.Read() || reader.NodeType != XmlNodeType.Element)
                return null;
            string told = Canonical.Of(reader);
            return reader.Read() ? null : told;
        }
        catch (Exception refused) when (refused is XmlException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static XmlReader Open(string text)
    {
        var names = new XmlNamespaceManager(new NameTable());
        names.AddNamespace("", "jabber:client");
        names.AddNamespace("stream", "http://etherx.jabber.org/streams");
        var settings = new XmlReaderSettings
        {
            ConformanceLevel = ConformanceLevel.Fragment,
            DtdProcessing = DtdProcessing.Prohibit,
            CheckCharacters = true,
        };
        return XmlReader.Create(
            new StringReader(text),
            settings,
            new XmlParserContext(null, names, null, XmlSpace.None)
        );
    }

    /// <summary>
    /// True when it refuses only what XML 1.0 allows: names that came with the fifth edition, and values of
    /// <c>xml:space</c> and <c>xml:lang</c> that are not its own.
    /// </summary>
    public static bool RefusesTooMuch(byte[] bytes)
    {
        IEnumerable<string> runes = Encoding
            .UTF8.GetString(bytes)
            .EnumerateRunes()
            .Select(r => r.IsAscii ? r.ToString() : "é");
        string plain = string.Concat(runes).Replace("xml:space", "xml:x").Replace("xml:lang", "xml:y");
        return Read(Encoding.UTF8.GetBytes(plain)) is not null;
    }
}
