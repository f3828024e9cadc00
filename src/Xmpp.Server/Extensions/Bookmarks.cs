using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.PubSub;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0402 PEP Native Bookmarks, which are also those of XEP-0048, on its node and in private XML (XEP-0049): whichever an
/// app writes, the others change with it (§5.2). Settings of notifications are among the extensions that are kept
/// (XEP-0492).
/// </summary>
internal sealed class Bookmarks(XmppServer server) : Extension
{
    public const string Ns = "urn:xmpp:bookmarks:1";

    /// <summary>The namespace of XEP-0048 and the name of its node.</summary>
    public const string Legacy = "storage:bookmarks";
    private const string LegacyItem = "current";

    private Nodes Nodes => server.Nodes;

    public override void Declare(Declarations declare)
    {
        declare.Implements("0402", "PEP Native Bookmarks", "1.2.0");
        declare.Implements("0048", "Bookmarks", "1.2");
        declare.Implements("0492", "Chat notification settings", "0.2.0");
        declare.AccountFeature(Ns + "#compat", Ns + "#compat-pep");
        declare.PersonalNodes[Ns] = new PersonalNode
        {
            Defaults = PersonalNode.Private,
            Along = (transaction, change) => [Copy(transaction, change.Host.Account!)],
            Told = change => change.Host.Account!.RoomWishes = null,
        };
        declare.PersonalNodes[Legacy] = new PersonalNode
        {
            Defaults = node => node with { Access = AccessModel.Whitelist },
            Along = (transaction, change) =>
                change switch
                {
                    Publication { Item: { } item } => Spread(transaction, change, item.Payload),
                    Withdrawal or Purge or Deletion when !HasLegacy(transaction, change) => Spread(
                        transaction,
                        change,
                        []
                    ),
                    _ => [],
                },
        };
    }

    /// <summary>
    /// In a transaction: a bookmark with autojoin for a room that the server brings the account into, unless it has one
    /// already. What was written is to be <see cref="NodeChange.Released"/> after the commit; null when nothing was.
    /// Called once for each account and room: a removal or <c>autojoin='false'</c> stands.
    /// </summary>
    public static NodeChange? Offer(XmppServer server, Transaction transaction, long account, Jid room, string name)
    {
        Account owner = server.Accounts.In(transaction, account);
        if (server.Nodes.Item(transaction, owner, Ns, room.ToString()) is not null)
            return null;
        // Some apps ask for a nick where there is none, instead of entering.
        string nick = Nicknames.For(server, transaction, owner, room);
        var bookmark = new Bookmark(room.ToString(), name, AutoJoin: true, nick, Password: null);
        Publication publication = server.Nodes.Publish(owner, Ns, bookmark.Room, bookmark.ToItem(default));
        publication.Write(transaction);
        return publication;
    }

    /// <summary>What private XML shows: the bookmarks of now, with what else lies there (URLs). Null when there are none.</summary>
    public byte[]? AsPrivateXml(Access access, Account account, byte[]? kept) =>
        server.Stores.PubSub.Find(access, account.Id, Ns) is null ? kept : Storage(access, account, kept);

    /// <summary>
    /// In a transaction: private XML was written; each bookmark that changed with it changes, and no other (§5.2).
    /// </summary>
    public IReadOnlyList<NodeChange> TakePrivateXml(Transaction transaction, Account account, byte[] storage)
    {
        List<NodeChange> changes = Difference(transaction, account, storage, by: null);
        foreach (NodeChange change in changes)
            change.Write(transaction);
        if (changes.Count == 0)
            return changes;
        Publication copy = Copy(transaction, account);
        copy.Write(transaction);
        return [.. changes, copy];
    }

    // All bookmarks as the one item of XEP-0048.
    private Publication Copy(Transaction transaction, Account account)
    {
        NodeRecord? node = server.Stores.PubSub.Find(transaction, account.Id, Legacy);
        byte[]? before = node is null ? null : server.Stores.PubSub.Last(transaction, node.Id)?.Payload;
        return new Publication(Nodes, account.Nodes, Legacy)
        {
            ItemName = LegacyItem,
            Payload = Storage(transaction, account, before),
            IsConsequence = true,
        };
    }

    private byte[] Storage(Access access, Account account, byte[]? before)
    {
        XmlBuilder storage = new XmlBuilder(around: "", capacity: 1024).Start("storage", Legacy);
        foreach (ItemRecord item in All(access, account))
            Bookmark.OfItem(item)?.WriteLegacy(storage);
        foreach (Element other in Children(before))
            if (!other.Is("conference", Legacy))
                storage.Copy(other.Bytes.Span);
        return storage.ToArray();
    }

    private List<NodeChange> Spread(Transaction transaction, NodeChange change, byte[] storage) =>
        Difference(transaction, change.Host.Account!, storage, change.By);

    // Whoever empties the old node, or takes it away, has no bookmarks any more.
    private bool HasLegacy(Transaction transaction, NodeChange change) =>
        server.Stores.PubSub.Find(transaction, change.Host.Id, Legacy) is { } node
        && server.Stores.PubSub.Last(transaction, node.Id) is not null;

    private List<NodeChange> Difference(Transaction transaction, Account account, byte[] storage, Asker? by)
    {
        var wanted = new Dictionary<string, Bookmark>(StringComparer.Ordinal);
        foreach (Element child in Children(storage))
            if (child.Is("conference", Legacy) && Bookmark.OfLegacy(child) is { } bookmark)
                wanted[bookmark.Room] = bookmark;
        var changes = new List<NodeChange>();
        foreach (ItemRecord item in All(transaction, account))
        {
            if (!wanted.Remove(item.Name, out Bookmark? bookmark))
                changes.Add(
                    new Withdrawal(Nodes, account.Nodes, Ns, [item.Name], notify: true) { IsConsequence = true }
                );
            else if (bookmark != Bookmark.OfItem(item))
                changes.Add(Change(account, bookmark, XmlFragment.Parse(item.Payload).Root, by));
        }
        changes.AddRange(wanted.Values.Select(bookmark => Change(account, bookmark, default, by)));
        return changes;
    }

    private Publication Change(Account account, Bookmark bookmark, Element before, Asker? by) =>
        new(Nodes, account.Nodes, Ns)
        {
            ItemName = bookmark.Room,
            Payload = bookmark.ToItem(before),
            IsConsequence = true,
            Publisher = by?.Jid,
        };

    private IReadOnlyList<ItemRecord> All(Access access, Account account) =>
        server.Stores.PubSub.Find(access, account.Id, Ns) is { } node
            ? server.Stores.PubSub.Items(access, node.Id, new ItemQuery()).Items
            : [];

    private static Element.ChildList Children(byte[]? storage) =>
        storage is { Length: > 0 } ? XmlFragment.Parse(storage).Root.Children : default;

    /// <summary>What stays in private XML beside the bookmarks; null for nothing.</summary>
    public static byte[]? Others(byte[] storage)
    {
        XmlBuilder others = new XmlBuilder(around: "").Start("storage", Legacy);
        int count = 0;
        foreach (Element other in Children(storage))
        {
            if (other.Is("conference", Legacy))
                continue;
            others.Copy(other.Bytes.Span);
            count++;
        }
        return count == 0 ? null : others.ToArray();
    }
}
