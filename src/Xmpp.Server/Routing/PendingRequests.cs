using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Routing;

/// <summary>
/// Requests from elsewhere that wait for their answer (RFC 6121 §3.1.3): anybody may make them, so an account keeps only so
/// many, and of each what a client shows.
/// </summary>
internal static class PendingRequests
{
    /// <summary>For one account.</summary>
    public const int Most = 200;

    /// <summary>From one domain to one account.</summary>
    public const int MostOfDomain = 50;
    private const int MostBytes = 4096;
    private const int LongestId = 256;

    /// <summary>True while another one may wait beside those in the list.</summary>
    public static bool HaveRoom(IEnumerable<RosterItem> list, string home, Jid from)
    {
        int all = 0;
        int ofDomain = 0;
        foreach (RosterItem item in list)
        {
            if (item.PendingIn is null || item.Contact.Domain == home)
                continue;
            all++;
            ofDomain += item.Contact.Domain == from.Domain ? 1 : 0;
        }
        return all < Most && ofDomain < MostOfDomain;
    }

    /// <summary>The request as it is kept: who asks, the words and the name (XEP-0172), an invite's token (XEP-0379).</summary>
    public static byte[] Essence(Stanza request)
    {
        var payload = new List<byte>();
        foreach (Element child in request.Root.Children)
            if (IsShown(child) && payload.Count + child.Bytes.Length <= MostBytes)
                payload.AddRange(child.Bytes.Span);
        return new Stanza
        {
            Kind = request.Kind,
            Type = request.Type,
            Id = request.Id?.Length > LongestId ? null : request.Id,
            Language = request.Language?.Length > LongestId ? null : request.Language,
            From = request.From,
            To = request.To,
            Payload = payload.ToArray(),
        }.ToArray();
    }

    private static bool IsShown(Element child) =>
        child.Is("status", Ns.Client)
        || child.Is("status", Ns.Server)
        || child.Is("nick", Nicknames.Ns)
        || child.Is("preauth", Invites.Namespace);
}
