using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Xmpp.Xml;

namespace Xmpp.Server.Streams.Bosh;

/// <summary>One HTTP request of a BOSH client: its <c>&lt;body/&gt;</c> (XEP-0124 §6), whose attributes are read once.</summary>
internal sealed class BoshRequest
{
    public const string Namespace = "http://jabber.org/protocol/httpbind";
    private const string Xbosh = "urn:xmpp:xbosh";

    /// <summary>XEP-0124 §14.1: beyond it weakly typed clients cannot count.</summary>
    private const long LargestRid = 9007199254740991;

    private readonly XmlFragment _fragment;

    private BoshRequest(XmlFragment fragment, long rid) => (_fragment, Rid) = (fragment, rid);

    /// <summary>The wrapper itself, which takes the place of a stream header.</summary>
    public Element Body => _fragment.Root;
    public long Rid { get; }
    public int Size => _fragment.Bytes.Length;

    /// <summary>Null in the request that begins a session.</summary>
    public string? Sid => Body.Attribute("sid");
    public string? Key => Body.Attribute("key");
    public string? NewKey => Body.Attribute("newkey");
    public bool Restarts => XmlText.IsTrue(Body.Attribute("restart", Xbosh));
    public bool Terminates => Body.Attribute("type") == "terminate";
    public bool IsEmpty => !Body.FirstChild.Exists;

    /// <summary>Seconds of silence that the client asks for; null for none.</summary>
    public int? Pause => Seconds("pause");

    public int? Seconds(string attribute) =>
        int.TryParse(Body.Attribute(attribute), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;

    /// <summary>False for what is no <c>&lt;body/&gt;</c> with a request id, or has text between its payloads.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, XmlLimits limits, [NotNullWhen(true)] out BoshRequest? request)
    {
        request = null;
        XmlFragment fragment;
        try
        {
            fragment = XmlParser.Parse(bytes.Trim(" \t\r\n"u8).ToArray(), XmlContext.Empty, limits);
        }
        catch (StreamErrorException)
        {
            return false;
        }
        string? text = fragment.Root.Attribute("rid");
        bool good =
            fragment.Root.Is("body", Namespace)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long rid)
            && rid is > 0 and <= LargestRid
            && string.IsNullOrWhiteSpace(fragment.Root.Text)
            && (request = new BoshRequest(fragment, rid)) is not null;
        return good;
    }

    /// <summary>
    /// The payloads, each an array of its own. What says no namespace is taken for the stream's, as clients are used to
    /// (XEP-0206 §2).
    /// </summary>
    /// <exception cref="StreamErrorException">One of them is too big.</exception>
    public IReadOnlyList<Element> Payloads(XmlLimits limits)
    {
        string around = Body.Attribute("xmlns", Ns.Xmlns) is { } said and not Namespace ? said : Ns.Client;
        var context = new XmlContext([new("", around)]);
        var payloads = new List<Element>();
        foreach (Element child in Body.Children)
            payloads.Add(XmlParser.Parse(child.Bytes.ToArray(), context, limits).Root);
        return payloads;
    }
}
