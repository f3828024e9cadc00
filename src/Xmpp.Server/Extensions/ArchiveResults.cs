using System.Buffers.Text;
using System.Globalization;
using Xmpp.Addresses;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// Wraps stored messages for one query (XEP-0313 §4.2): the stored bytes are copied once into an array of exact size
/// between what is the same for all and an id and a time.
/// </summary>
internal sealed class ArchiveResults(Jid archive, string? queryId)
{
    private const string StampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const int LongestId = 20;
    private const int StampLength = 24;
    private readonly byte[] _start = Start(queryId);

    private static ReadOnlySpan<byte> BehindId =>
        "'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='"u8;
    private static ReadOnlySpan<byte> BehindStamp => "'/>"u8;
    private static ReadOnlySpan<byte> End => "</forwarded></result>"u8;

    // Everything up to the value of the id.
    private static byte[] Start(string? queryId)
    {
        byte[] whole = new XmlBuilder()
            .Start("result", Ns.Archive)
            .Attribute("queryid", queryId)
            .Attribute("id", "")
            .ToArray();
        return whole[..^"'/>".Length];
    }

    public Stanza Make(in ArchiveRow row)
    {
        Span<byte> id = stackalloc byte[LongestId];
        Utf8Formatter.TryFormat(row.Id, id, out int idLength);
        int length =
            _start.Length
            + idLength
            + BehindId.Length
            + StampLength
            + BehindStamp.Length
            + row.Stanza.Length
            + End.Length;
        var payload = new byte[length];
        Span<byte> rest = payload;
        Put(ref rest, _start);
        Put(ref rest, id[..idLength]);
        Put(ref rest, BehindId);
        row.Time.UtcDateTime.TryFormat(rest, out _, StampFormat, CultureInfo.InvariantCulture);
        rest = rest[StampLength..];
        Put(ref rest, BehindStamp);
        Put(ref rest, row.Stanza);
        Put(ref rest, End);
        return new Stanza
        {
            Kind = StanzaKind.Message,
            Type = StanzaType.Normal,
            From = archive,
            Payload = payload,
        };
    }

    private static void Put(ref Span<byte> rest, scoped ReadOnlySpan<byte> part)
    {
        part.CopyTo(rest);
        rest = rest[part.Length..];
    }
}
