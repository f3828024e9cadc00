namespace Xmpp.Xml;

/// <summary>Takes the small parts of a unit, one behind the other, and checks each (XML 1.0 §2, §3.1).</summary>
internal struct XmlCursor(byte[] bytes)
{
    public byte[] Bytes { get; } = bytes;
    public int At { get; private set; }

    public readonly bool IsAtEnd => At == Bytes.Length;

    private readonly ReadOnlySpan<byte> Rest => Bytes.AsSpan(At);

    public readonly byte Peek(int ahead = 0) =>
        At + ahead < Bytes.Length ? Bytes[At + ahead] : throw XmlFault.NotWellFormed("ends too early");

    public void Skip(int count) => At += count;

    /// <summary>True when there was any.</summary>
    public bool SkipSpace()
    {
        int start = At;
        while (At < Bytes.Length && XmlCharacters.IsSpace(Bytes[At]))
            At++;
        return At > start;
    }

    public void Expect(byte wanted)
    {
        if (Peek() != wanted)
            throw XmlFault.NotWellFormed($"'{(char)wanted}' expected");
        At++;
    }

    /// <summary>Takes a run of text up to markup.</summary>
    public void Text()
    {
        int stop = Rest.IndexOf((byte)'<');
        if (stop < 0)
            throw XmlFault.NotWellFormed("ends too early");
        ReadOnlySpan<byte> text = Rest[..stop];
        XmlReferences.Check(text);
        if (text.IndexOf(XmlText.CdataClose) >= 0)
            throw XmlFault.NotWellFormed("']]>' in text");
        At += stop;
    }

    /// <summary>Takes a CDATA section, the only thing behind <c>&lt;!</c> that XMPP has (RFC 6120 §11.1).</summary>
    public void Cdata()
    {
        if (!Rest.StartsWith(XmlText.CdataOpen))
            throw XmlFault.Restricted("comment or declaration");
        int end = Rest.IndexOf(XmlText.CdataClose);
        if (end < 0)
            throw XmlFault.NotWellFormed("CDATA without end");
        At += end + XmlText.CdataClose.Length;
    }

    /// <summary>Takes the end tag of an element, which must have the name.</summary>
    public void EndTag(Range name)
    {
        At += 2;
        ReadOnlySpan<byte> wanted = Bytes.AsSpan(name);
        if (!Rest.StartsWith(wanted))
            throw XmlFault.NotWellFormed("end tag of another element");
        At += wanted.Length;
        SkipSpace();
        Expect((byte)'>');
    }

    /// <summary>Takes a qualified name (Namespaces in XML §4).</summary>
    public XmlQualified Name()
    {
        ReadOnlySpan<byte> rest = Rest;
        int start = At;
        int length = XmlCharacters.NameLength(rest);
        int prefix = 0;
        if (length > 0 && length < rest.Length && rest[length] == ':')
        {
            prefix = length;
            int local = XmlCharacters.NameLength(rest[(prefix + 1)..]);
            length = local == 0 ? 0 : prefix + 1 + local;
        }
        if (length == 0)
            throw XmlFault.NotWellFormed("not a name");
        At += length;
        return new(start, prefix, At);
    }

    /// <summary>Takes <c>=</c> and a value in quotes; true when the value has references or white space to normalise.</summary>
    public bool Value(out Range place)
    {
        SkipSpace();
        Expect((byte)'=');
        SkipSpace();
        byte quote = Peek();
        if (quote is not ((byte)'"' or (byte)'\''))
            throw XmlFault.NotWellFormed("attribute without quotes");
        At++;
        int length = Rest.IndexOf(quote);
        if (length < 0)
            throw XmlFault.NotWellFormed("attribute without end");
        ReadOnlySpan<byte> value = Rest[..length];
        if (value.Contains((byte)'<'))
            throw XmlFault.NotWellFormed("'<' in an attribute");
        place = At..(At + length);
        At += length + 1;
        return XmlReferences.Check(value) || value.IndexOfAny("\t\r\n"u8) >= 0;
    }
}

/// <summary>Where a name with or without prefix lies.</summary>
internal readonly record struct XmlQualified(int Start, int PrefixLength, int End)
{
    public Range Whole => Start..End;
    public Range Prefix => Start..(Start + PrefixLength);
    public Range Local => (PrefixLength == 0 ? Start : Start + PrefixLength + 1)..End;
}
