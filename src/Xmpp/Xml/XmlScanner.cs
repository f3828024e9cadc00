using System.Buffers;

namespace Xmpp.Xml;

/// <summary>What the scanner found at the end of <see cref="XmlScanner.Length"/> bytes.</summary>
public enum XmlUnit
{
    /// <summary>Nothing whole yet: feed more.</summary>
    None,

    /// <summary>The stream's opening tag.</summary>
    Open,

    /// <summary>A whole element below the stream's root.</summary>
    Element,

    /// <summary>The stream's closing tag.</summary>
    Close,
}

/// <summary>
/// Finds where the whole units of an XML stream end (RFC 6120 §4, §11), without looking at any byte twice. It knows
/// quotes, CDATA and depth; <see cref="XmlParser"/> checks the rest of each unit. What XMPP restricts (§11.1: comments,
/// processing instructions, DTDs) ends the stream at its first byte. How the bytes are cut changes nothing.
/// </summary>
public sealed class XmlScanner(XmlLimits limits)
{
    private static readonly SearchValues<byte> _tagStops = SearchValues.Create("<>/'\""u8);
    private static ReadOnlySpan<byte> DeclarationOpen => "<?xml"u8;

    private enum State : byte
    {
        Content,
        TagOpen,
        StartTag,
        StartTagSlash,
        Quote,
        EndTag,
        Bang,
        Cdata,
        Instruction,
        Declaration,
    }

    private State _state;
    private byte _quote;
    private int _matched;
    private int _depth;
    private bool _prolog = true;
    private bool _closed;
    private byte[] _declaration = [];

    public XmlLimits Limits { get; set; } = limits;

    /// <summary>Bytes of the current unit seen so far, leading white space excluded; its whole length once a unit was found.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes of white space, or of the XML declaration, to drop before the unit.</summary>
    public int Leading { get; private set; }

    /// <summary>Makes ready for the next unit on the same stream.</summary>
    public void Next() => (Length, Leading) = (0, 0);

    /// <summary>Begins anew: the next thing is a stream header (RFC 6120 §4.3.3).</summary>
    public void Reset()
    {
        (_state, _depth, _prolog, _closed) = (State.Content, 0, true, false);
        Next();
    }

    /// <summary>Takes bytes not seen yet and returns how far the scan went; stops behind the first whole unit.</summary>
    /// <exception cref="StreamErrorException">The stream must end.</exception>
    public int Scan(ReadOnlySpan<byte> bytes, out XmlUnit unit)
    {
        unit = XmlUnit.None;
        int room = Math.Max(0, Limits.Bytes - Length - Leading);
        ReadOnlySpan<byte> allowed = bytes.Length > room ? bytes[..room] : bytes;
        int at = 0;
        while (at < allowed.Length && unit == XmlUnit.None)
        {
            int step = Step(allowed[at..], out unit);
            at += step;
            if (_state == State.Content && Length == 0 && unit == XmlUnit.None)
                Leading += step;
            else
                Length += step;
        }
        if (unit == XmlUnit.None && at < bytes.Length)
            throw XmlFault.Policy("stanza too big");
        return at;
    }

    private int Step(ReadOnlySpan<byte> bytes, out XmlUnit unit)
    {
        unit = XmlUnit.None;
        switch (_state)
        {
            case State.Content:
                return Content(bytes);
            case State.TagOpen:
                return TagOpen(bytes[0]);
            case State.StartTag:
            case State.StartTagSlash:
                return StartTag(bytes, out unit);
            case State.Quote:
                int quote = bytes.IndexOf(_quote);
                if (quote < 0)
                    return bytes.Length;
                _state = State.StartTag;
                return quote + 1;
            case State.EndTag:
                return EndTag(bytes, out unit);
            case State.Bang:
                return Bang(bytes[0]);
            case State.Cdata:
                return Cdata(bytes);
            case State.Instruction:
                return Instruction(bytes[0]);
            default:
                return Declaration(bytes[0]);
        }
    }

    private int Content(ReadOnlySpan<byte> bytes)
    {
        int open = bytes.IndexOf((byte)'<');
        ReadOnlySpan<byte> text = open < 0 ? bytes : bytes[..open];
        if (_depth <= 1 && text.IndexOfAnyExcept(" \t\r\n"u8) is >= 0 and int at)
            throw Stray(text[at]);
        if (open != 0)
            return text.Length;
        _state = State.TagOpen;
        return 1;
    }

    // A byte order mark is text too (RFC 6120 §11.6); bytes that UTF-8 never has are another encoding's.
    private StreamErrorException Stray(byte first) =>
        first is 0xC0 or 0xC1 or >= 0xF5 ? new(StreamErrorCondition.UnsupportedEncoding, "not UTF-8")
        : _depth == 0 ? XmlFault.NotWellFormed("text outside of the stream")
        : new(StreamErrorCondition.BadFormat, "text between stanzas");

    private int TagOpen(byte next)
    {
        switch (next)
        {
            case (byte)'/':
                if (_depth == 0)
                    throw XmlFault.NotWellFormed("end tag without a start");
                _state = State.EndTag;
                return 1;
            case (byte)'!':
                if (_depth < 2)
                    throw XmlFault.Restricted("comment or declaration");
                (_state, _matched) = (State.Bang, 2);
                return 1;
            case (byte)'?':
                if (!_prolog)
                    throw XmlFault.Restricted("processing instruction");
                (_state, _matched) = (State.Instruction, 2);
                return 1;
            case (byte)'<' or (byte)'>' or (byte)'\'' or (byte)'"' or (byte)'=':
                throw XmlFault.NotWellFormed("not a name");
            default:
                if (_closed)
                    throw XmlFault.NotWellFormed("behind the end of the stream");
                (_state, _prolog) = (State.StartTag, false);
                return 0;
        }
    }

    private int StartTag(ReadOnlySpan<byte> bytes, out XmlUnit unit)
    {
        unit = XmlUnit.None;
        int stop = bytes.IndexOfAny(_tagStops);
        if (stop != 0)
            _state = State.StartTag;
        if (stop < 0)
            return bytes.Length;
        switch (bytes[stop])
        {
            case (byte)'/':
                _state = State.StartTagSlash;
                break;
            case (byte)'<':
                throw XmlFault.NotWellFormed("'<' inside a tag");
            case (byte)'>':
                bool empty = _state == State.StartTagSlash;
                _state = State.Content;
                unit = Opened(empty);
                break;
            default:
                (_state, _quote) = (State.Quote, bytes[stop]);
                break;
        }
        return stop + 1;
    }

    private XmlUnit Opened(bool empty)
    {
        if (_depth + 1 > Limits.Depth)
            throw XmlFault.Policy("nested too deep");
        if (_depth == 0)
        {
            if (empty)
                throw new StreamErrorException(StreamErrorCondition.BadFormat, "empty stream");
            _depth = 1;
            return XmlUnit.Open;
        }
        if (!empty)
            _depth++;
        return empty && _depth == 1 ? XmlUnit.Element : XmlUnit.None;
    }

    private int EndTag(ReadOnlySpan<byte> bytes, out XmlUnit unit)
    {
        unit = XmlUnit.None;
        int end = bytes.IndexOf((byte)'>');
        if (end < 0)
            return bytes.Length;
        _depth--;
        _state = State.Content;
        _closed = _depth == 0;
        unit = _depth switch
        {
            0 => XmlUnit.Close,
            1 => XmlUnit.Element,
            _ => XmlUnit.None,
        };
        return end + 1;
    }

    private int Bang(byte next)
    {
        if (next != XmlText.CdataOpen[_matched])
            throw XmlFault.Restricted("comment or declaration");
        if (++_matched == XmlText.CdataOpen.Length)
            (_state, _matched) = (State.Cdata, 0);
        return 1;
    }

    // Takes up to "]]>"; _matched counts the brackets before what comes next.
    private int Cdata(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            byte b = bytes[at++];
            if (b == '>' && _matched >= 2)
            {
                _state = State.Content;
                return at;
            }
            _matched = b == ']' ? _matched + 1 : 0;
            if (_matched == 0)
            {
                int bracket = bytes[at..].IndexOf((byte)']');
                at = bracket < 0 ? bytes.Length : at + bracket;
            }
        }
        return at;
    }

    // Only <?xml ...?>, and only before the stream header (RFC 6120 §11.5).
    private int Instruction(byte next)
    {
        if (next != DeclarationOpen[_matched])
            throw XmlFault.Restricted("processing instruction");
        if (++_matched == DeclarationOpen.Length)
            (_state, _matched, _declaration) = (State.Declaration, 0, new byte[XmlDeclaration.MaximumLength]);
        return 1;
    }

    private int Declaration(byte next)
    {
        if (_matched == _declaration.Length)
            throw XmlFault.NotWellFormed("XML declaration without end");
        _declaration[_matched++] = next;
        if (next != '>')
            return 1;
        XmlDeclaration.Check(_declaration.AsSpan(0, _matched));
        (_state, _prolog, _declaration) = (State.Content, false, []);
        (Leading, Length) = (Leading + Length, 0);
        return 1;
    }
}
