using System.Collections.Immutable;
using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>What a bookmark says of being told (XEP-0492), of being in the room (XEP-0402), and under which nick.</summary>
/// <param name="When">Null where it says nothing.</param>
internal sealed record RoomWish(NotifyWhen? When, bool AutoJoin, string? Nick)
{
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
                    NotifySettings.In(XmlFragment.Parse(item.Payload).Root.Child("extensions", Bookmarks.Ns)),
                    bookmark.AutoJoin,
                    bookmark.Nick
                );
                if (wish != None)
                    wishes[room] = wish;
            }
        return wishes.ToImmutable();
    }
}
