using Xmpp.Server.Household;
using Xmpp.Server.PubSub;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// Bookmarks that accounts kept in private XML (XEP-0048 with XEP-0049) from before they were those of XEP-0402: moved as
/// the server starts, once, since what is moved lies there no more. One that is on the node already counts.
/// </summary>
internal sealed class BookmarkImport(XmppServer server) : Commit
{
    private static readonly string _key = PrivateXml.KeyOf(Bookmarks.Legacy, "storage");
    private readonly List<NodeChange> _changes = [];

    /// <summary>Queues it where there is something to move.</summary>
    public static void Begin(XmppServer server)
    {
        using (Access access = server.Stores.Database.OpenRead())
            if (!server.Stores.Accounts.Documents(access, _key).Any(each => Of(each.Value).Count > 0))
                return;
        server.Stores.Database.Enqueue(new BookmarkImport(server));
    }

    private static List<Bookmark> Of(byte[] storage)
    {
        var found = new List<Bookmark>();
        foreach (Element child in XmlFragment.Parse(storage).Root.Children)
            if (child.Is("conference", Bookmarks.Legacy) && Bookmark.OfLegacy(child) is { } bookmark)
                found.Add(bookmark);
        return found;
    }

    public override void Write(Transaction transaction)
    {
        _changes.Clear();
        foreach (var (id, storage) in server.Stores.Accounts.Documents(transaction, _key))
        {
            Account account = server.Accounts.In(transaction, id);
            List<Bookmark> bookmarks = Of(storage);
            if (bookmarks.Count == 0)
                continue;
            foreach (Bookmark bookmark in bookmarks.DistinctBy(each => each.Room))
                Move(transaction, account, bookmark);
            server.Stores.Accounts.SetDocument(transaction, id, _key, Bookmarks.Others(storage));
        }
    }

    private void Move(Transaction transaction, Account account, Bookmark bookmark)
    {
        if (server.Nodes.Item(transaction, account, Bookmarks.Ns, bookmark.Room) is not null)
            return;
        Publication publication = server.Nodes.Publish(account, Bookmarks.Ns, bookmark.Room, bookmark.ToItem(default));
        publication.Write(transaction);
        _changes.Add(publication);
    }

    public override void Released() => _changes.ForEach(change => change.Released());

    public override void Failed(Exception error) => server.Log.WriteFailed(error, server.Address);
}
