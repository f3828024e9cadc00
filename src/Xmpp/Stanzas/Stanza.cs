using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Xmpp.Addresses;
using Xmpp.Xml;

namespace Xmpp.Stanzas;

/// <summary>
/// One message, presence or IQ (RFC 6120 §8). Its start tag is written anew for each recipient and framing; the bytes of
/// its children are shared by all (laws, "Bytes and lifetimes"). Never changed once made: use <c>with</c>-like copies.
/// </summary>
public sealed class Stanza
{
    private Element _root;

    public required StanzaKind Kind { get; init; }
    public required StanzaType Type { get; init; }
    public string? Id { get; init; }
    public string? Language { get; init; }
    public Jid? From { get; init; }
    public Jid? To { get; init; }

    /// <summary>The children's bytes, self-contained, <c>jabber:client</c> or <c>jabber:server</c> being the default around them.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>
    /// The stanza as an element; for one that was built here it is parsed when first asked for. After <see cref="With"/>
    /// its start tag is still that of before: ask the properties.
    /// </summary>
    public Element Root
    {
        get
        {
            if (!_root.Exists)
                _root = XmlFragment.Parse(ToArray()).Root;
            return _root;
        }
        init => _root = value;
    }

    /// <summary>The first child with the name and namespace.</summary>
    public Element Child(string name, string ns) => Root.Child(name, ns);

    /// <summary>
    /// True when <paramref name="root"/> is a stanza. <paramref name="badAddress"/>: <c>to</c> or <c>from</c> cannot be
    /// read and is missing in <paramref name="stanza"/> (RFC 6120 §8.3.3.8, <c>jid-malformed</c>).
    /// </summary>
    public static bool TryRead(Element root, [NotNullWhen(true)] out Stanza? stanza, out bool badAddress)
    {
        (stanza, badAddress) = (null, false);
        if (root.Namespace is not (Ns.Client or Ns.Server))
            return false;
        StanzaKind kind;
        switch (root.Name)
        {
            case "message":
                kind = StanzaKind.Message;
                break;
            case "presence":
                kind = StanzaKind.Presence;
                break;
            case "iq":
                kind = StanzaKind.Iq;
                break;
            default:
                return false;
        }
        badAddress = !TryAddress(root, "to", out Jid? to) | !TryAddress(root, "from", out Jid? from);
        stanza = new Stanza
        {
            Kind = kind,
            Type = StanzaNames.Parse(kind, root.Attribute("type")),
            Id = root.Attribute("id"),
            Language = root.Language,
            To = to,
            From = from,
            Payload = root.Content,
            Root = root,
        };
        return true;
    }

    private static bool TryAddress(Element root, string name, out Jid? jid)
    {
        jid = null;
        if (root.TryAttributeUtf8(name, out ReadOnlySpan<byte> utf8))
            return Jid.TryParse(utf8, out jid);
        return root.Attribute(name) is not { } text || Jid.TryParse(text, out jid);
    }

    /// <summary>The same stanza with other addresses (and language where it had none).</summary>
    public Stanza With(Jid? from, Jid? to, string? language = null) =>
        new()
        {
            Kind = Kind,
            Type = Type,
            Id = Id,
            Language = Language ?? language,
            From = from,
            To = to,
            Payload = Payload,
            _root = _root,
        };

    /// <summary>The same stanza with other children.</summary>
    public Stanza WithPayload(ReadOnlyMemory<byte> payload) =>
        new()
        {
            Kind = Kind,
            Type = Type,
            Id = Id,
            Language = Language,
            From = From,
            To = To,
            Payload = payload,
        };

    /// <summary>An answer to this IQ.</summary>
    public Stanza Result(ReadOnlyMemory<byte> payload) =>
        new()
        {
            Kind = StanzaKind.Iq,
            Type = StanzaType.Result,
            Id = Id,
            From = To,
            To = From,
            Payload = payload,
        };

    /// <summary>This stanza sent back with an error (RFC 6120 §8.3.1); what was sent is not repeated.</summary>
    public Stanza Bounce(StanzaError error) =>
        new()
        {
            Kind = Kind,
            Type = StanzaType.Error,
            Id = Id,
            From = To,
            To = From,
            Payload = error.ToArray(),
        };

    /// <summary>
    /// Writes it for one recipient: <paramref name="to"/> stands in the start tag (null: none), <paramref name="suffix"/>
    /// behind the children; <paramref name="ns"/> is declared when the framing gives no default namespace.
    /// </summary>
    public void Write(IBufferWriter<byte> output, Jid? to, ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> ns)
    {
        ReadOnlySpan<byte> name = StanzaNames.Utf8(Kind);
        ReadOnlySpan<byte> type = StanzaNames.Utf8(Type);
        output.Write("<"u8);
        output.Write(name);
        WriteAttribute(output, " xmlns='"u8, ns);
        if (From is not null)
            WriteAttribute(output, " from='"u8, From.AttributeUtf8.Span);
        if (to is not null)
            WriteAttribute(output, " to='"u8, to.AttributeUtf8.Span);
        WriteAttribute(output, " type='"u8, type);
        WriteText(output, " id='"u8, Id);
        WriteText(output, " xml:lang='"u8, Language);
        if (Payload.IsEmpty && suffix.IsEmpty)
        {
            output.Write("/>"u8);
            return;
        }
        output.Write(">"u8);
        output.Write(Payload.Span);
        output.Write(suffix);
        output.Write("</"u8);
        output.Write(name);
        output.Write(">"u8);
    }

    private static void WriteAttribute(IBufferWriter<byte> output, ReadOnlySpan<byte> start, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return;
        output.Write(start);
        output.Write(value);
        output.Write("'"u8);
    }

    private static void WriteText(IBufferWriter<byte> output, ReadOnlySpan<byte> start, string? value)
    {
        if (value is null)
            return;
        output.Write(start);
        XmlText.WriteAttribute(output, value);
        output.Write("'"u8);
    }

    /// <summary>The whole stanza with <c>xmlns='jabber:client'</c>, as it is kept and forwarded.</summary>
    public byte[] ToArray(ReadOnlySpan<byte> suffix = default)
    {
        var output = new ArrayBufferWriter<byte>(Payload.Length + suffix.Length + 256);
        Write(output, To, suffix, "jabber:client"u8);
        return output.WrittenSpan.ToArray();
    }

    public override string ToString() => Encoding.UTF8.GetString(ToArray());
}
