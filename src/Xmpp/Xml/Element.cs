using System.Diagnostics.CodeAnalysis;

namespace Xmpp.Xml;

/// <summary>A view of one element of a <see cref="XmlFragment"/>. The default value is "no element".</summary>
public readonly struct Element : IEquatable<Element>
{
    private readonly XmlFragment? _fragment;
    private readonly int _node;

    internal Element(XmlFragment fragment, int node) => (_fragment, _node) = (fragment, node);

    private ref readonly XmlNode Node => ref _fragment!.Nodes[_node];

    /// <summary>False for "no element"; every other member then answers as for an empty one without a name.</summary>
    public bool Exists => _fragment is not null;

    public string Name => _fragment is null ? "" : Node.Name;
    public string Namespace => _fragment is null ? "" : Node.Namespace;

    /// <summary>The element's own bytes, tags included. Only a self-contained one may be written elsewhere as it is.</summary>
    public ReadOnlyMemory<byte> Bytes =>
        _fragment is null ? default : _fragment.Bytes.AsMemory(Node.Start, Node.End - Node.Start);

    /// <summary>The bytes between its tags.</summary>
    public ReadOnlyMemory<byte> Content =>
        _fragment is null ? default : _fragment.Bytes.AsMemory(Node.ContentStart, Node.ContentEnd - Node.ContentStart);

    public bool Is(string name, string ns) => _fragment is not null && Node.Name == name && Node.Namespace == ns;

    /// <summary>The text directly inside, references and CDATA resolved, without that of children.</summary>
    public string Text => _fragment is null ? "" : XmlText.Content(this);

    /// <summary>The first child with the name and namespace; "no element" when there is none.</summary>
    public Element Child(string name, string ns)
    {
        foreach (Element child in Children)
            if (child.Is(name, ns))
                return child;
        return default;
    }

    /// <summary>The first child with the name in this element's own namespace.</summary>
    public Element Child(string name) => Child(name, Namespace);

    /// <summary>The first child element of all.</summary>
    public Element FirstChild =>
        _fragment is null || Node.FirstChild == 0 ? default : new Element(_fragment, Node.FirstChild);

    public bool Has(string name, string ns) => Child(name, ns).Exists;

    /// <summary>The value of the attribute without prefix; null when it is not there.</summary>
    public string? Attribute(string name) => Attribute(name, "");

    /// <inheritdoc cref="Attribute(string)"/>
    public string? Attribute(string name, string ns) =>
        TryFind(name, ns, out XmlAttribute found)
            ? XmlText.Value(_fragment!.Bytes.AsSpan(found.ValueStart, found.ValueEnd - found.ValueStart), found.Encoded)
            : null;

    /// <summary>The value's bytes when nothing in it needs decoding. Quotes may be among them.</summary>
    public bool TryAttributeUtf8(string name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryFind(name, "", out XmlAttribute found) || found.Encoded)
            return false;
        value = _fragment!.Bytes.AsSpan(found.ValueStart, found.ValueEnd - found.ValueStart);
        return true;
    }

    public string? Language => Attribute("lang", Ns.Xml);

    /// <summary>Every attribute: name, namespace (that of <c>xmlns</c> for declarations), value.</summary>
    public IEnumerable<(string Name, string Namespace, string Value)> Attributes
    {
        get
        {
            for (int i = 0; i < (_fragment is null ? 0 : Node.AttributeCount); i++)
            {
                XmlAttribute a = _fragment!.Attributes[Node.FirstAttribute + i];
                yield return (
                    a.Name,
                    a.Namespace,
                    XmlText.Value(_fragment.Bytes.AsSpan(a.ValueStart, a.ValueEnd - a.ValueStart), a.Encoded)
                );
            }
        }
    }

    public ChildList Children => new(_fragment, _fragment is null ? 0 : Node.FirstChild);

    /// <summary>Where this child lies in its parent's <see cref="Content"/>.</summary>
    internal (int Start, int End) PlaceIn(Element parent) =>
        (Node.Start - parent.Node.ContentStart, Node.End - parent.Node.ContentStart);

    private bool TryFind(string name, string ns, out XmlAttribute found)
    {
        if (_fragment is not null)
        {
            ReadOnlySpan<XmlAttribute> all = _fragment.Attributes.AsSpan(Node.FirstAttribute, Node.AttributeCount);
            foreach (ref readonly XmlAttribute attribute in all)
                if (attribute.Name == name && attribute.Namespace == ns)
                {
                    found = attribute;
                    return true;
                }
        }
        found = default;
        return false;
    }

    public override string ToString() => System.Text.Encoding.UTF8.GetString(Bytes.Span);

    public bool Equals(Element other) => _fragment == other._fragment && _node == other._node;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Element other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_fragment, _node);

    public static bool operator ==(Element left, Element right) => left.Equals(right);

    public static bool operator !=(Element left, Element right) => !left.Equals(right);

    /// <summary>The child elements, for <c>foreach</c>.</summary>
    public readonly struct ChildList
    {
        private readonly XmlFragment? _fragment;
        private readonly int _first;

        internal ChildList(XmlFragment? fragment, int first) => (_fragment, _first) = (fragment, first);

        public Enumerator GetEnumerator() => new(_fragment, _first);

        public int Count
        {
            get
            {
                int count = 0;
                foreach (Element _ in this)
                    count++;
                return count;
            }
        }

        /// <summary>Walks the siblings.</summary>
        public struct Enumerator
        {
            private readonly XmlFragment? _fragment;
            private int _next;
            private int _current;

            internal Enumerator(XmlFragment? fragment, int first) =>
                (_fragment, _next, _current) = (fragment, first, 0);

            public readonly Element Current => new(_fragment!, _current);

            public bool MoveNext()
            {
                _current = _next;
                if (_current == 0)
                    return false;
                _next = _fragment!.Nodes[_current].Next;
                return true;
            }
        }
    }
}
