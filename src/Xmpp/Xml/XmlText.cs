using System.Buffers;
using System.Globalization;
using System.Text;

namespace Xmpp.Xml;

/// <summary>Text and attribute values: references both ways (XML 1.0 §2.4, §4.1, §4.6).</summary>
public static class XmlText
{
    // Besides what would be markup: what a reader would change (XML 1.0 §2.11, §3.3.3), and what XML does not have.
    private static readonly SearchValues<byte> _inText = SearchValues.Create([
        .. "&<>'\"\r"u8,
        .. XmlCharacters.Forbidden,
        0xEF,
    ]);
    private static readonly SearchValues<byte> _inAttribute = SearchValues.Create([
        .. "&<>'\"\r\n\t"u8,
        .. XmlCharacters.Forbidden,
        0xEF,
    ]);

    internal static ReadOnlySpan<byte> CdataOpen => "<![CDATA["u8;
    internal static ReadOnlySpan<byte> CdataClose => "]]>"u8;

    /// <summary>
    /// Writes text: <c>&amp; &lt; &gt; ' "</c> and carriage returns as references, characters that XML does not have as
    /// U+FFFD, so that nothing ends a reader's stream.
    /// </summary>
    /// <param name="utf8">Valid UTF-8.</param>
    public static void WriteEscaped(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8) =>
        Write(output, utf8, _inText);

    /// <inheritdoc cref="WriteEscaped(IBufferWriter{byte}, ReadOnlySpan{byte})"/>
    public static void WriteEscaped(IBufferWriter<byte> output, string text) => Write(output, text, _inText);

    /// <summary>Writes an attribute's value for either kind of quotes; white space in it survives.</summary>
    public static void WriteAttribute(IBufferWriter<byte> output, string value) => Write(output, value, _inAttribute);

    private static void Write(IBufferWriter<byte> output, string text, SearchValues<byte> special)
    {
        int size = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = size > 512 ? ArrayPool<byte>.Shared.Rent(size) : null;
        Span<byte> utf8 = rented ?? stackalloc byte[512];
        Write(output, utf8[..Encoding.UTF8.GetBytes(text, utf8)], special);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    private static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8, SearchValues<byte> special)
    {
        for (int at = utf8.IndexOfAny(special); at >= 0; at = utf8.IndexOfAny(special))
        {
            output.Write(utf8[..at]);
            bool isNonCharacter = XmlCharacters.IsNonCharacter(utf8[at..]);
            output.Write(isNonCharacter ? "\uFFFD"u8 : Escape(utf8.Slice(at, 1)));
            utf8 = utf8[(at + (isNonCharacter ? 3 : 1))..];
        }
        output.Write(utf8);
    }

    private static ReadOnlySpan<byte> Escape(ReadOnlySpan<byte> special) =>
        special[0] switch
        {
            (byte)'&' => "&amp;"u8,
            (byte)'<' => "&lt;"u8,
            (byte)'>' => "&gt;"u8,
            (byte)'\'' => "&apos;"u8,
            (byte)'"' => "&quot;"u8,
            (byte)'\r' => "&#13;"u8,
            (byte)'\n' => "&#10;"u8,
            (byte)'\t' => "&#9;"u8,
            < 0x20 => "\uFFFD"u8,
            _ => special,
        };

    /// <summary>The value of an attribute; <paramref name="encoded"/> when it has references or white space to normalise.</summary>
    internal static string Value(ReadOnlySpan<byte> raw, bool encoded)
    {
        if (!encoded)
            return XmlNames.Intern(raw);
        using var text = new Decoded(raw.Length);
        text.AppendValue(raw);
        return text.ToString();
    }

    /// <summary>The text directly inside an element.</summary>
    internal static string Content(Element element)
    {
        ReadOnlySpan<byte> content = element.Content.Span;
        if (content.IndexOfAny("<&\r"u8) < 0)
            return content.IsEmpty ? "" : Encoding.UTF8.GetString(content);
        using var text = new Decoded(content.Length);
        int at = 0;
        foreach (Element child in element.Children)
        {
            var (start, end) = child.PlaceIn(element);
            text.AppendRun(content[at..start]);
            at = end;
        }
        text.AppendRun(content[at..]);
        return text.ToString();
    }

    /// <summary>Checked XML while it becomes a string, which never has more characters than the XML has bytes.</summary>
    private ref struct Decoded(int capacity)
    {
        private readonly char[] _chars = ArrayPool<char>.Shared.Rent(capacity);
        private int _count;

        // Text between two children: CDATA sections and references.
        public void AppendRun(ReadOnlySpan<byte> run)
        {
            for (int open = run.IndexOf(CdataOpen); open >= 0; open = run.IndexOf(CdataOpen))
            {
                Append(run[..open], references: true);
                run = run[(open + CdataOpen.Length)..];
                int close = run.IndexOf(CdataClose);
                Append(run[..close], references: false);
                run = run[(close + CdataClose.Length)..];
            }
            Append(run, references: true);
        }

        // XML 1.0 §3.3.3; a line end counts as one character (§2.11).
        public void AppendValue(ReadOnlySpan<byte> raw)
        {
            for (int stop = raw.IndexOfAny("&\t\r\n"u8); stop >= 0; stop = raw.IndexOfAny("&\t\r\n"u8))
            {
                Plain(raw[..stop]);
                raw = raw[stop..];
                if (raw[0] == '&')
                    Reference(ref raw);
                else
                    LineEnd(ref raw, ' ');
            }
            Plain(raw);
        }

        // XML 1.0 §2.11.
        private void Append(ReadOnlySpan<byte> raw, bool references)
        {
            byte reference = references ? (byte)'&' : (byte)'\r';
            for (
                int stop = raw.IndexOfAny(reference, (byte)'\r');
                stop >= 0;
                stop = raw.IndexOfAny(reference, (byte)'\r')
            )
            {
                Plain(raw[..stop]);
                raw = raw[stop..];
                if (raw[0] == '&')
                    Reference(ref raw);
                else
                    LineEnd(ref raw, '\n');
            }
            Plain(raw);
        }

        private void Plain(ReadOnlySpan<byte> raw) => _count += Encoding.UTF8.GetChars(raw, _chars.AsSpan(_count));

        private void Reference(ref ReadOnlySpan<byte> raw)
        {
            int end = raw.IndexOf((byte)';');
            XmlReferences.TryRead(raw[1..end], out Rune rune);
            _count += rune.EncodeToUtf16(_chars.AsSpan(_count));
            raw = raw[(end + 1)..];
        }

        private void LineEnd(ref ReadOnlySpan<byte> raw, char become)
        {
            raw = raw[(raw.StartsWith("\r\n"u8) ? 2 : 1)..];
            _chars[_count++] = become;
        }

        public override readonly string ToString() => new(_chars, 0, _count);

        public readonly void Dispose() => ArrayPool<char>.Shared.Return(_chars);
    }

    /// <summary>An xs:boolean (XML Schema part 2 §3.2.2).</summary>
    public static bool IsTrue(string? value) => value is "true" or "1";

    /// <summary>XEP-0082 date and time in UTC with milliseconds.</summary>
    public static string Stamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads an XEP-0082 date and time (§3.2); it must say its zone.</summary>
    public static bool TryStamp(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            text,
            "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal,
            out time
        ) && (text.EndsWith('Z') || text.AsSpan(19).IndexOfAny('+', '-') >= 0);
}
