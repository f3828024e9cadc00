namespace Xmpp.Xml;

/// <summary>The namespace declarations in scope while one unit is parsed (Namespaces in XML 1.0 §6).</summary>
internal sealed class XmlScope
{
    private readonly List<Declaration> _declarations = new(8);

    /// <summary>A prefix (empty: the default namespace) and the level of the element that declares it; 0 for the stream's header.</summary>
    private readonly record struct Declaration(byte[] Source, int Start, int Length, string Uri, int Level)
    {
        public ReadOnlySpan<byte> Prefix => Source.AsSpan(Start, Length);
    }

    public void Reset(XmlContext context)
    {
        _declarations.Clear();
        foreach (var (prefix, uri) in context.Scope)
            _declarations.Add(new(prefix, 0, prefix.Length, uri, 0));
    }

    /// <param name="level">That of the element whose tag this is; the unit's root has 1.</param>
    /// <param name="most">Declarations that may be in scope at once.</param>
    /// <exception cref="StreamErrorException">A reserved name, an undeclaration, or too many.</exception>
    public void Declare(byte[] source, Range prefix, string uri, int level, int most)
    {
        var (start, length) = prefix.GetOffsetAndLength(source.Length);
        var added = new Declaration(source, start, length, uri, level);
        bool isXml = added.Prefix.SequenceEqual("xml"u8);
        if (
            isXml != (uri == Ns.Xml)
            || uri == Ns.Xmlns
            || (length > 0 && uri == "")
            || added.Prefix.SequenceEqual("xmlns"u8)
        )
            throw XmlFault.Prefix("reserved or empty namespace");
        if (_declarations.Count >= most)
            throw XmlFault.Policy("too many namespace declarations");
        if (!isXml)
            _declarations.Add(added);
    }

    /// <summary>Forgets what elements deeper than this level declared.</summary>
    public void Leave(int level)
    {
        int count = _declarations.Count;
        while (count > 0 && _declarations[count - 1].Level > level)
            count--;
        if (count < _declarations.Count)
            _declarations.RemoveRange(count, _declarations.Count - count);
    }

    /// <summary>The namespace of a prefix and the level that declares it. The default namespace is always found.</summary>
    /// <exception cref="StreamErrorException">The prefix is not declared.</exception>
    public string Find(ReadOnlySpan<byte> prefix, out int level)
    {
        for (int i = _declarations.Count - 1; i >= 0; i--)
        {
            Declaration known = _declarations[i];
            if (known.Length != prefix.Length || !known.Prefix.SequenceEqual(prefix))
                continue;
            level = known.Level;
            return known.Uri;
        }
        level = 0;
        if (prefix.IsEmpty)
            return "";
        if (!prefix.SequenceEqual("xml"u8))
            throw XmlFault.Prefix("undeclared prefix");
        level = int.MaxValue;
        return Ns.Xml;
    }
}
