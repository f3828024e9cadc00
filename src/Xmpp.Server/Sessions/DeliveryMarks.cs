using Xmpp.Server.Household;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Sessions;

/// <summary>
/// Moves delivered marks. Memory knows at once; disk follows with the next tick, many at once: a mark that a crash loses
/// means that messages are offered again, never that one is lost.
/// </summary>
internal sealed class DeliveryMarks(XmppServer server)
{
    private readonly Lock _lock = new();
    private HashSet<Account> _moved = [];

    public void Delivered(Account account, long id)
    {
        if (account.MarkDelivered(id))
            Moved(account);
    }

    /// <summary>A device that was to have the message is gone, and no other has it: it is offered again.</summary>
    public void Undelivered(Account account, long id)
    {
        if (account.MarkUndelivered(id))
            Moved(account);
    }

    private void Moved(Account account)
    {
        lock (_lock)
            if (!_moved.Add(account) || _moved.Count > 1)
                return;
        server.Ticker.Soon(Flush);
    }

    /// <summary>
    /// How far the mark may go for a client that has caught up with its archive by itself: not over a message that waits
    /// hidden from queries (laws, "Offline"), which such a client has not seen.
    /// </summary>
    public long CaughtUp(Session session, long newest)
    {
        session.CaughtUpTo = Math.Max(session.CaughtUpTo, newest);
        Account account = session.Account;
        long after = account.Delivered;
        if (newest <= after)
            return newest;
        using Access access = server.Stores.Database.OpenRead();
        return server.Stores.Archive.Undelivered(access, account.Id, after, newest, 1, onlyHidden: true) is [var hidden]
            ? hidden.Id - 1
            : newest;
    }

    /// <summary>Queues what has moved since.</summary>
    public void Flush()
    {
        HashSet<Account> moved;
        lock (_lock)
            (moved, _moved) = (_moved, []);
        if (moved.Count > 0)
            server.Stores.Database.Enqueue(new MarksCommit(server.Stores.Archive, moved));
    }

    private sealed class MarksCommit(IArchiveStore archive, HashSet<Account> accounts) : Commit
    {
        public override void Write(Transaction transaction)
        {
            foreach (Account account in accounts)
                if (!account.IsGone)
                    archive.SetDeliveredMark(transaction, account.Id, account.Delivered);
        }
    }
}
