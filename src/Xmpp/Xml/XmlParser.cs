using System.Runtime.InteropServices;

namespace Xmpp.Xml;

/// <summary>
/// Checks one whole unit and notes where everything lies in it: well-formedness (XML 1.0), namespaces (Namespaces in
/// XML 1.0), what XMPP restricts (RFC 6120 §11.1), and the stream's limits.
/// </summary>
public sealed class XmlParser
{
    // A parser that grew beyond this is not kept.
    private const int SpareCapacity = 1024;

    // One for each thread: what it found is copied out of its lists.
    [ThreadStatic]
    private static XmlParser? _spare;

    private readonly List<XmlNode> _nodes = new(16);
    private readonly List<XmlAttribute> _attributes = new(32);
    private readonly List<OpenElement> _open = new(8);
    private readonly List<Prefixed> _prefixed = [];
    private readonly XmlScope _scope = new();
    private readonly XmlBorrowed _borrowed = new();
    private XmlLimits _limits = XmlLimits.None;
    private bool _apart;
    private XmlCursor _cursor;

    /// <summary>An element whose end tag is still to come, with the name in its start tag.</summary>
    private record struct OpenElement(int Node, int LastChild, XmlQualified Name);

    /// <summary>An attribute with a prefix, which may be declared later in the same tag.</summary>
    private readonly record struct Prefixed(int Attribute, XmlQualified Name);

    private XmlParser() { }

    /// <summary>
    /// Parses a whole element. Declarations that its children use and that stand outside of them are written into them,
    /// so that the result is self-contained.
    /// </summary>
    /// <exception cref="StreamErrorException">The stream must end.</exception>
    public static XmlFragment Parse(byte[] bytes, XmlContext context, XmlLimits limits) =>
        Parse(bytes, context, limits, apart: false);

    /// <param name="apart">The root's default namespace is written into the children too.</param>
    internal static XmlFragment Parse(byte[] bytes, XmlContext context, XmlLimits limits, bool apart)
    {
        XmlParser parser = Begin(bytes, context, limits);
        parser._apart = apart;
        parser.Element();
        if (!parser._borrowed.Any)
            return parser.Finish(bytes);
        byte[] whole = parser._borrowed.Repay(bytes, limits.Bytes);
        parser.Reset(whole, context, XmlLimits.None);
        parser.Element();
        return parser.Finish(whole);
    }

    /// <summary>Parses a stream header, whose end tag comes much later.</summary>
    /// <exception cref="StreamErrorException">The stream must end.</exception>
    public static XmlFragment ParseOpen(byte[] bytes, XmlLimits limits)
    {
        XmlParser parser = Begin(bytes, XmlContext.Empty, limits);
        parser.Markup();
        if (parser._open.Count == 0 || !parser._cursor.IsAtEnd)
            throw XmlFault.NotWellFormed("not one stream header");
        return parser.Finish(bytes);
    }

    private static XmlParser Begin(byte[] bytes, XmlContext context, XmlLimits limits)
    {
        if (bytes.Length > limits.Bytes)
            throw XmlFault.Policy("stanza too big");
        XmlCharacters.Check(bytes);
        XmlParser parser = _spare ?? new();
        _spare = null;
        parser.Reset(bytes, context, limits);
        return parser;
    }

    private void Reset(byte[] bytes, XmlContext context, XmlLimits limits)
    {
        _nodes.Clear();
        _attributes.Clear();
        _open.Clear();
        _prefixed.Clear();
        _borrowed.Clear();
        _apart = false;
        _scope.Reset(context);
        (_cursor, _limits) = (new(bytes), limits);
    }

    private XmlFragment Finish(byte[] bytes)
    {
        var done = new XmlFragment(bytes, [.. _nodes], [.. _attributes]);
        if (_nodes.Capacity <= SpareCapacity && _attributes.Capacity <= SpareCapacity)
        {
            Reset([], XmlContext.Empty, XmlLimits.None);
            _spare = this;
        }
        return done;
    }

    private void Element()
    {
        Markup();
        while (_open.Count > 0)
            if (_cursor.Peek() == '<')
                Markup();
            else
                _cursor.Text();
        if (!_cursor.IsAtEnd)
            throw XmlFault.NotWellFormed("more than one element");
    }

    private void Markup()
    {
        if (_cursor.Peek() != '<')
            throw XmlFault.NotWellFormed("not an element");
        switch (_cursor.Peek(1))
        {
            case (byte)'?':
                throw XmlFault.Restricted("processing instruction");
            case (byte)'!' when _open.Count == 0:
                throw XmlFault.Restricted("comment or declaration");
            case (byte)'!':
                _cursor.Cdata();
                break;
            case (byte)'/' when _open.Count == 0:
                throw XmlFault.NotWellFormed("end tag without a start");
            case (byte)'/':
                int contentEnd = _cursor.At;
                _cursor.EndTag(_open[^1].Name.Whole);
                Close(contentEnd);
                break;
            default:
                StartTag();
                break;
        }
    }

    private void StartTag()
    {
        if (_open.Count >= _limits.Depth)
            throw XmlFault.Policy("nested too deep");
        int start = _cursor.At;
        _cursor.Skip(1);
        XmlQualified name = _cursor.Name();
        int firstAttribute = _attributes.Count;
        bool empty = Attributes(firstAttribute);
        Resolve(firstAttribute, name);
        var node = new XmlNode
        {
            Start = start,
            ContentStart = _cursor.At,
            ContentEnd = _cursor.At,
            End = _cursor.At,
            FirstAttribute = firstAttribute,
            AttributeCount = _attributes.Count - firstAttribute,
            Name = XmlNames.Intern(_cursor.Bytes.AsSpan(name.Local)),
            Namespace = Lookup(name, within: name),
        };
        Open(node, name);
        if (empty)
            Close(_cursor.At);
    }

    private void Open(XmlNode node, XmlQualified name)
    {
        CountNode();
        int number = _nodes.Count;
        _nodes.Add(node);
        if (_open.Count > 0)
        {
            ref OpenElement parent = ref CollectionsMarshal.AsSpan(_open)[^1];
            Span<XmlNode> nodes = CollectionsMarshal.AsSpan(_nodes);
            if (parent.LastChild == 0)
                nodes[parent.Node].FirstChild = number;
            else
                nodes[parent.LastChild].Next = number;
            parent.LastChild = number;
        }
        _open.Add(new(number, 0, name));
    }

    private void Close(int contentEnd)
    {
        ref XmlNode closed = ref CollectionsMarshal.AsSpan(_nodes)[_open[^1].Node];
        (closed.ContentEnd, closed.End) = (contentEnd, _cursor.At);
        _open.RemoveAt(_open.Count - 1);
        _scope.Leave(_open.Count);
    }

    // Takes attributes up to '>' or '/>'; true when the element is empty.
    private bool Attributes(int first)
    {
        while (true)
        {
            bool space = _cursor.SkipSpace();
            byte next = _cursor.Peek();
            if (next is (byte)'>' or (byte)'/')
            {
                _cursor.Skip(1);
                if (next == '/')
                    _cursor.Expect((byte)'>');
                return next == '/';
            }
            if (!space)
                throw XmlFault.NotWellFormed("no space before an attribute");
            if (_attributes.Count - first >= _limits.Attributes)
                throw XmlFault.Policy("too many attributes");
            Attribute();
        }
    }

    private void Attribute()
    {
        CountNode();
        byte[] bytes = _cursor.Bytes;
        XmlQualified name = _cursor.Name();
        bool encoded = _cursor.Value(out Range value);
        string local = XmlNames.Intern(bytes.AsSpan(name.Local));
        bool hasPrefix = name.PrefixLength > 0;
        bool declares = hasPrefix ? bytes.AsSpan(name.Prefix).SequenceEqual("xmlns"u8) : local == "xmlns";
        if (declares)
        {
            string uri = XmlText.Value(bytes.AsSpan(value), encoded);
            _scope.Declare(bytes, hasPrefix ? name.Local : 0..0, uri, _open.Count + 1, _limits.Declarations);
        }
        else if (hasPrefix)
        {
            _prefixed.Add(new(_attributes.Count, name));
        }
        _attributes.Add(
            new XmlAttribute
            {
                Name = local,
                Namespace = declares ? Ns.Xmlns : "",
                ValueStart = value.Start.Value,
                ValueEnd = value.End.Value,
                Encoded = encoded,
            }
        );
    }

    // Gives a tag's attributes their namespaces once all its declarations are known.
    private void Resolve(int first, XmlQualified tag)
    {
        Span<XmlAttribute> own = CollectionsMarshal.AsSpan(_attributes);
        foreach (var (attribute, name) in _prefixed)
            own[attribute].Namespace = Lookup(name, within: tag);
        _prefixed.Clear();
        own = own[first..];
        for (int i = 1; i < own.Length; i++)
        for (int j = 0; j < i; j++)
            if (own[j].Name == own[i].Name && own[j].Namespace == own[i].Namespace)
                throw XmlFault.NotWellFormed("attribute twice");
    }

    private string Lookup(XmlQualified name, XmlQualified within)
    {
        string uri = _scope.Find(_cursor.Bytes.AsSpan(name.Prefix), out int level);
        if (level <= 1 && _open.Count > 0 && (name.PrefixLength > 0 || IsForeign(uri)))
        {
            XmlQualified child = _open.Count > 1 ? _open[1].Name : within;
            _borrowed.Note(_cursor.Bytes, child.End, name.Start, name.PrefixLength, uri);
        }
        return uri;
    }

    // A stanza's children are written inside tags whose default namespace is the stanza's own.
    private bool IsForeign(string uri) =>
        _apart ? uri.Length > 0 : _nodes[0].Namespace is var own and (Ns.Client or Ns.Server) && uri != own;

    private void CountNode()
    {
        if (_nodes.Count + _attributes.Count >= _limits.Nodes)
            throw XmlFault.Policy("too many elements and attributes");
    }
}
