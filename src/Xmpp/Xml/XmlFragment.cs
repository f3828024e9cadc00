using System.Text;

namespace Xmpp.Xml;

/// <summary>
/// One parsed unit: the bytes as they came, in one immutable array of exact size, and where its elements and attributes
/// lie in it (laws, "Bytes and lifetimes"). Elements are <see cref="Element"/>s, cheap views on it. Every prefix that the
/// root's children use is declared inside them, so that their bytes can be shared.
/// </summary>
public sealed class XmlFragment
{
    internal XmlFragment(byte[] bytes, XmlNode[] nodes, XmlAttribute[] attributes) =>
        (Bytes, Nodes, Attributes) = (bytes, nodes, attributes);

    public byte[] Bytes { get; }

    public Element Root => new(this, 0);

    /// <summary>
    /// The bytes with every declaration of one namespace being one of the other; null when nothing declares it. To be
    /// parsed again.
    /// </summary>
    /// <param name="to">Without quotes or references.</param>
    public byte[]? Renamed(string from, string to)
    {
        List<byte>? renamed = null;
        int copied = 0;
        foreach (ref readonly XmlAttribute each in Attributes.AsSpan())
        {
            Span<byte> value = Bytes.AsSpan(each.ValueStart..each.ValueEnd);
            if (each.Namespace != Ns.Xmlns || XmlText.Value(value, each.Encoded) != from)
                continue;
            renamed ??= new List<byte>(Bytes.Length);
            renamed.AddRange(Bytes.AsSpan(copied..each.ValueStart));
            renamed.AddRange(Encoding.UTF8.GetBytes(to));
            copied = each.ValueEnd;
        }
        renamed?.AddRange(Bytes.AsSpan(copied..));
        return renamed?.ToArray();
    }

    internal XmlNode[] Nodes { get; }
    internal XmlAttribute[] Attributes { get; }

    /// <summary>Parses a whole element that is known to be good, such as one that was stored. Nothing limits it.</summary>
    public static XmlFragment Parse(byte[] bytes) => XmlParser.Parse(bytes, XmlContext.Empty, XmlLimits.None);

    /// <summary>
    /// The same for an element whose children go elsewhere: each declares all that it uses, the default namespace too.
    /// </summary>
    public static XmlFragment ParseApart(byte[] bytes) =>
        XmlParser.Parse(bytes, XmlContext.Empty, XmlLimits.None, apart: true);

    /// <inheritdoc cref="Parse(byte[])"/>
    public static XmlFragment Parse(string xml) => Parse(Encoding.UTF8.GetBytes(xml));
}

/// <summary>An element's place. Offsets into the bytes; <see cref="Next"/> is the next sibling's number or 0.</summary>
internal struct XmlNode
{
    public int Start;
    public int ContentStart;
    public int ContentEnd;
    public int End;
    public int FirstChild;
    public int Next;
    public int FirstAttribute;
    public int AttributeCount;
    public string Name;
    public string Namespace;
}

/// <summary>An attribute's place. <see cref="Namespace"/> is empty for one without a prefix; declarations are kept too.</summary>
internal struct XmlAttribute
{
    public string Name;
    public string Namespace;
    public int ValueStart;
    public int ValueEnd;

    /// <summary>The value has references or white space to normalise.</summary>
    public bool Encoded;
}

/// <summary>Namespaces in scope around a unit: what the stream header declared.</summary>
public sealed record XmlContext(IReadOnlyList<KeyValuePair<string, string>> Declarations)
{
    public static readonly XmlContext Empty = new([]);

    /// <summary>The same, as it is compared with names in a stream.</summary>
    internal (byte[] Prefix, string Uri)[] Scope { get; } =
    [.. Declarations.Select(d => (Encoding.UTF8.GetBytes(d.Key), d.Value))];

    /// <summary>The scope inside an element, such as the stream's header.</summary>
    public static XmlContext Of(Element element)
    {
        var declarations = new List<KeyValuePair<string, string>>();
        foreach (var (name, ns, value) in element.Attributes)
            if (ns == Ns.Xmlns)
                declarations.Add(new(name == "xmlns" ? "" : name, value));
        return new(declarations);
    }
}
