using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Rooms;

/// <summary>
/// The one room of each circle, with the circle's own transaction (laws, "Circles are computed"): made and removed with
/// it; each member's bookmark of it is written once, and what becomes of that is the member's own.
/// </summary>
internal sealed class CircleRooms(XmppServer server)
{
    private readonly List<Action> _tell = [];
    private readonly List<string> _gone = [];

    private StoreSet Stores => server.Stores;

    /// <summary>A write begins, perhaps again.</summary>
    public void Begin()
    {
        _tell.Clear();
        _gone.Clear();
    }

    public void Create(Transaction transaction, CircleRecord circle)
    {
        string name = FreeName(transaction, circle);
        Stores.Rooms.Add(transaction, RoomConfiguration.OfCircle(circle, name, server.Time.GetUtcNow()));
    }

    // As the circle is called where that can be an address, else by its number.
    private string FreeName(Access access, CircleRecord circle)
    {
        string plain = string.Join('-', circle.Name.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        string domain = server.Options.RoomsDomain;
        string stem = Jid.TryCreate(plain, domain, null, out Jid? jid) ? jid.Local! : $"circle-{circle.Id}";
        for (int i = 1; ; i++)
        {
            string name = i == 1 ? stem : $"{stem}-{i}";
            if (Stores.Rooms.Find(access, name) is null)
                return name;
        }
    }

    public void Remove(Transaction transaction, CircleRecord circle)
    {
        if (Stores.Rooms.FindOfCircle(transaction, circle.Id) is not { } room)
            return;
        Stores.Rooms.Remove(transaction, room.Id);
        _gone.Add(room.Name);
    }

    public void Join(Transaction transaction, CircleRecord circle, IEnumerable<long> accounts)
    {
        if (Stores.Rooms.FindOfCircle(transaction, circle.Id) is not { } room)
            return;
        Jid address = server.Rooms.AddressOf(room.Name);
        foreach (long account in accounts)
        {
            if (Stores.Rooms.IsBookmarked(transaction, account, room.Id))
                continue;
            Stores.Rooms.NoteBookmark(transaction, account, room.Id);
            if (Bookmarks.Offer(server, transaction, account, address, circle.Name) is { } bookmark)
                _tell.Add(bookmark.Released);
        }
    }

    /// <summary>After the commit, the circles in memory being the new ones.</summary>
    /// <param name="moved">For each circle who came to it or left it.</param>
    public void Released(ILookup<long, Jid> moved)
    {
        foreach (string name in _gone)
            server.Rooms.CloseWithCircle(name);
        server.Rooms.Recheck(moved);
        _tell.ForEach(tell => tell());
    }

    /// <summary>Circles from before there were rooms, and members whose bookmark was never written, as the server starts.</summary>
    public static void CatchUp(XmppServer server)
    {
        using (Access access = server.Stores.Database.OpenRead())
            if (server.Stores.Rooms.UnfinishedCircles(access).Count == 0)
                return;
        server.Stores.Database.Enqueue(new CatchUpCommit(server));
    }

    private sealed class CatchUpCommit(XmppServer server) : Commit
    {
        private readonly CircleRooms _rooms = new(server);

        public override void Write(Transaction transaction)
        {
            _rooms.Begin();
            HashSet<long> unfinished = [.. server.Stores.Rooms.UnfinishedCircles(transaction)];
            foreach (CircleRecord circle in server.Stores.Household.Circles(transaction))
            {
                if (!unfinished.Contains(circle.Id))
                    continue;
                if (server.Stores.Rooms.FindOfCircle(transaction, circle.Id) is null)
                    _rooms.Create(transaction, circle);
                _rooms.Join(transaction, circle, server.Stores.Household.Members(transaction, circle.Id));
            }
        }

        public override void Released() => _rooms.Released(Enumerable.Empty<Jid>().ToLookup(static _ => 0L));
    }
}
