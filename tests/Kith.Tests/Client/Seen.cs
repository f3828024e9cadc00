using System.Globalization;
using Xmpp.Addresses;
using Xmpp.Xml;

namespace Kith.Tests.Client;

/// <summary>How a message came to a device.</summary>
internal enum Way
{
    /// <summary>As it was sent.</summary>
    Live,

    /// <summary>Late, with a delay: it had waited offline.</summary>
    Offline,

    /// <summary>As a copy of what another device of the same person sent or got (XEP-0280).</summary>
    Carbon,

    /// <summary>Out of the archive (XEP-0313).</summary>
    Archive,
}

/// <summary>A message with words in it, as a device sees it.</summary>
/// <param name="StanzaId">The archive's id; 0 when there is none.</param>
/// <param name="Key">Its <c>id</c>, which the sender chose.</param>
/// <param name="QueryId">Of the query that it answers, for those from the archive.</param>
internal sealed record Seen(long StanzaId, string Key, string Body, Jid? From, Way Way, string? QueryId)
{
    /// <summary>Null for what is not a message with words.</summary>
    public static Seen? Read(Element message, string account)
    {
        if (message.Child("result", Ns.Archive) is { Exists: true } result)
        {
            long id = long.Parse(result.Attribute("id")!, CultureInfo.InvariantCulture);
            Element forwarded = result.Child("forwarded", Ns.Forward).Child("message", Ns.Client);
            return Of(forwarded, id, Way.Archive, result.Attribute("queryid"));
        }
        foreach (string direction in (string[])["sent", "received"])
            if (message.Child(direction, Ns.Carbons) is { Exists: true } carbon)
            {
                Element copied = carbon.Child("forwarded", Ns.Forward).Child("message", Ns.Client);
                return Of(copied, IdBy(copied, account), Way.Carbon, null);
            }
        Way way = message.Has("delay", Ns.Delay) ? Way.Offline : Way.Live;
        return Of(message, IdBy(message, account), way, null);
    }

    private static Seen? Of(Element message, long id, Way way, string? queryId)
    {
        Element body = message.Child("body");
        if (!body.Exists || message.Attribute("type") == "error")
            return null;
        Jid? from = Jid.TryParse(message.Attribute("from"), out Jid? said) ? said : null;
        return new Seen(id, message.Attribute("id") ?? "", body.Text, from, way, queryId);
    }

    private static long IdBy(Element message, string account)
    {
        foreach (Element child in message.Children)
            if (child.Is("stanza-id", Ns.StanzaId) && child.Attribute("by") == account)
                return long.Parse(child.Attribute("id")!, CultureInfo.InvariantCulture);
        return 0;
    }
}
