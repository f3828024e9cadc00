namespace Xmpp.Xml;

/// <summary>What one stream may send. Every default stands in protocol.md, "Bad input".</summary>
public sealed record XmlLimits
{
    /// <summary>Nothing is limited: for what this process wrote or checked itself.</summary>
    internal static readonly XmlLimits None = new()
    {
        Bytes = int.MaxValue,
        Depth = int.MaxValue,
        Attributes = int.MaxValue,
        Declarations = int.MaxValue,
        Nodes = int.MaxValue,
    };

    /// <summary>Largest stanza or stream header in bytes.</summary>
    public int Bytes { get; init; } = 262144;

    /// <summary>Deepest element; the stream header counts as one.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>Attributes of one element, namespace declarations included.</summary>
    public int Attributes { get; init; } = 64;

    /// <summary>Namespace declarations in scope at once: they cost a search each.</summary>
    public int Declarations { get; init; } = 64;

    /// <summary>
    /// Elements and attributes of one stanza together. Each costs about 50 bytes and may be as short as 4, so that the
    /// default, one for 16 of <see cref="Bytes"/>, keeps what a stanza takes at a few times its size (ten times while it
    /// is read, instead of forty).
    /// </summary>
    public int Nodes
    {
        get => field > 0 ? field : Math.Max(256, Bytes / 16);
        init;
    }
}
