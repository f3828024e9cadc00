using System.Collections.Immutable;
using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>When somebody wants to be told of what is said (XEP-0492 §2).</summary>
internal enum NotifyWhen
{
    Never,
    OnMention,
    Always,
}

/// <summary>What a bookmark says of being told (XEP-0492), of being in the room (XEP-0402), and under which nick.</summary>
/// <param name="When">Null where it says nothing.</param>
internal sealed record RoomWish(NotifyWhen? When, bool AutoJoin, string? Nick)
{
    private const string Settings = "urn:xmpp:notification-settings:1";
    private const string OlderSettings = "urn:xmpp:notification-settings:0";

    /// <summary>Of a room without a bookmark.</summary>
    public static RoomWish None { get; } = new(null, false, null);

    /// <summary>
    /// What the account's bookmarks say of the room; read once for each account that has devices to be told, and again
    /// after a bookmark changed. On the writer's thread.
    /// </summary>
    public static RoomWish Of(XmppServer server, Account account, Jid room)
    {
        account.RoomWishes ??= Read(server, account);
        return account.RoomWishes.GetValueOrDefault(room, None);
    }

    private static ImmutableDictionary<Jid, RoomWish> Read(XmppServer server, Account account)
    {
        var wishes = ImmutableDictionary.CreateBuilder<Jid, RoomWish>();
        using Access access = server.Stores.Database.OpenRead();
        if (server.Stores.PubSub.Find(access, account.Id, Bookmarks.Ns) is not { } node)
            return wishes.ToImmutable();
        foreach (ItemRecord item in server.Stores.PubSub.Items(access, node.Id, new ItemQuery()).Items)
            if (Bookmark.OfItem(item) is { } bookmark && Jid.TryParse(item.Name, out Jid? room))
            {
                var wish = new RoomWish(
                    Setting(XmlFragment.Parse(item.Payload).Root),
                    bookmark.AutoJoin,
                    bookmark.Nick
                );
                if (wish != None)
                    wishes[room] = wish;
            }
        return wishes.ToImmutable();
    }

    private static NotifyWhen? Setting(Element conference)
    {
        foreach (Element child in conference.Child("extensions", Bookmarks.Ns).Children)
            if (child.Is("notify", Settings) || child.Is("notify", OlderSettings))
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
