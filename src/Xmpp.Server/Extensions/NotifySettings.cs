using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>When somebody wants to be told of what is said (XEP-0492 §2).</summary>
internal enum NotifyWhen
{
    Never,
    OnMention,
    Always,
}

/// <summary>The <c>&lt;notify/&gt;</c> of XEP-0492, wherever a chat is named.</summary>
internal static class NotifySettings
{
    private const string Ns = "urn:xmpp:notification-settings:1";
    private const string OlderNs = "urn:xmpp:notification-settings:0";

    /// <summary>What the element that names the chat says; null for nothing.</summary>
    public static NotifyWhen? In(Element chat)
    {
        foreach (Element child in chat.Children)
            if (child.Is("notify", Ns) || child.Is("notify", OlderNs))
                return ForClients(child);
        return null;
    }

    // §4: what is for all; the server does not know of a device what kind it is, only that it is a client.
    private static NotifyWhen? ForClients(Element notify)
    {
        NotifyWhen? ofAll = null;
        NotifyWhen? ofClients = null;
        foreach (Element child in notify.Children)
        {
            if (child.Attribute("identity-type") is not null || Named(child.Name) is not { } when)
                continue;
            if (child.Attribute("identity-category") is not { } category)
                ofAll = when;
            else if (category == "client")
                ofClients = when;
        }
        return ofClients ?? ofAll;
    }

    private static NotifyWhen? Named(string element) =>
        element switch
        {
            "always" => NotifyWhen.Always,
            "on-mention" => NotifyWhen.OnMention,
            "never" => NotifyWhen.Never,
            _ => null,
        };
}
